/** All of refund-desk's tickets at once in the emulated account: the endings that the embedded target has, and nothing twice. */
import { expect, inject, test } from 'vitest';
import { whatIsOffIn } from '../../local/demo/checks.ts';
import { endings, outsideOf, sortedEnding, tickets } from '../acceptance/tickets.ts';
import { emulatedDesk } from './desk/emulated-desk.ts';

const SIDE_BY_SIDE = 4;

const account = inject('emulated');
const desk = await emulatedDesk(account);

test('all tickets', async () => {
	// A few at a time: here a cold start takes a processor, and there are as many as this machine has.
	for (let first = 0; first < tickets.length; first += SIDE_BY_SIDE) {
		const some = tickets.slice(first, first + SIDE_BY_SIDE);
		const opened = await Promise.all(some.map((ticket) => desk.open(ticket.id, ticket)));
		expect(opened.map(({ status, body }) => [status, (body as { is: string }).is])).toEqual(some.map(() => [200, 'opened']));
		await Promise.all(some.map(({ id }) => (id === 't-02-needs-approval' ? desk.waits(id, 'approval') : desk.finished(id))));
	}
	await desk.waits('t-02-needs-approval', 'approval');
	// Who may open may not approve, and a stranger may nothing: IAM says so before any function runs.
	expect(await desk.approve('t-02-needs-approval', 2, account.people.clerk)).toMatchObject({ status: 403 });
	expect(await desk.open('t-01-again', tickets[0], account.people.stranger)).toMatchObject({ status: 403 });
	expect(await desk.approve('t-02-needs-approval', 2)).toMatchObject({ status: 200, body: { is: 'recorded' } });
	for (const { id } of tickets) {
		const { done } = await desk.finished(id);
		const ending = { steps: done.map(({ tool, outcome }) => `${tool} ${outcome}`), outside: outsideOf(account.worldDirectory, id) };
		expect(endings[id]?.map(sortedEnding), id).toContainEqual(sortedEnding(ending));
	}
	expect(await whatIsOffIn({ runs: desk.runs, ledger: desk.store.ledger }, account.worldDirectory)).toEqual([]);
});

test('who approved is who signed', async () => {
	const entries = await desk.entries('t-02-needs-approval');
	const approvals = entries.flatMap((entry) => (entry.kind === 'approval' ? [entry.by] : []));
	expect(approvals).toEqual([`arn:aws:iam::${account.account}:user/approver`]);
});
