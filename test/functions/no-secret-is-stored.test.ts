/**
 * A3: credentials and report tokens stand in no stored byte, sealed or not, in nothing that a state machine carries, in no
 * error and in no log: however careless a tool is with what it was given.
 */
import { expect, test } from 'vitest';
import type { Content, ContentKind } from '../../core/ledger/content.ts';
import { openContent } from '../../core/ledger/read.ts';
import { EffectFailed, type Json, type Tool, type ToolContext } from '../../index.ts';
import { call, clerk, clerkTools, plans } from '../doubles/clerk.ts';
import { type Installation, install, RUN } from '../doubles/driver.ts';
import { faultOnce } from '../doubles/functions.ts';
import { type Outside, outsideWorld } from '../doubles/outside.ts';

const everyTool = ['file.read', 'book.post', 'pay.send', 'pay.trace', 'parcel.send', 'letter.send'];
const task = plans(...everyTool.map((tool) => [call(tool)]));

/** Everything that was secret: for the finders to look for. */
function secretsOf(desk: Installation): string[] {
	const issued = desk.issuer.issued.flatMap(({ credentials }) => [credentials.secretAccessKey, credentials.sessionToken]);
	const keys = [...desk.state.keys.values()].flatMap((key) => (key === 'destroyed' ? [] : [Buffer.from(key).toString('base64url')]));
	return [...issued, ...desk.handedOut.map(({ token }) => token), ...keys];
}

/** All that outlives a function: stored bytes, what is sealed in them, what machines were given and told, errors and logs. */
async function leftBehind(desk: Installation): Promise<[string, string][]> {
	const { state, operator } = desk;
	const view = await operator.reader.read(RUN);
	const opened = await Promise.all(
		desk.entries().map(async (entry) => {
			if (!entry.sealed) return null;
			return (await openContent(operator.store, entry as typeof entry & { kind: ContentKind }, view.key)) as
				| Content<ContentKind>
				| undefined;
		}),
	);
	expect(opened).not.toContain(undefined);
	const carried = desk.invocations.filter(({ function: name }) => !name.endsWith('__guard'));
	const errors = desk.invocations.flatMap(({ error }) => (error ? [error] : []));
	return [
		['the ledger', [...state.chains.values()].flat().map(({ body }) => body)],
		['what is sealed in it', opened],
		['payloads', [...state.payloads.values()].map((bytes) => Buffer.from(bytes).toString('latin1'))],
		['claims', [...state.claims.values()]],
		['tables', [...state.items]],
		['state machines', carried.map(({ event, answer }) => [event, answer])],
		['errors', errors],
		['logs', desk.logged],
	].map(([where, what]) => [String(where), JSON.stringify(what)]);
}

async function findNoSecret(desk: Installation): Promise<void> {
	const secrets = secretsOf(desk);
	expect(secrets.length).toBeGreaterThan(0);
	for (const [where, text] of await leftBehind(desk)) {
		for (const secret of secrets) if (text.includes(secret)) throw new Error(`${where}: ${secret}`);
	}
}

/** Tools that do with their context what `how` says. */
type Leak = (secret: string, outside: Outside, context: ToolContext) => unknown;
const careless = (outside: Outside, how: Leak): Tool[] =>
	clerkTools(outside).map((tool) => ({
		...tool,
		run: async (_input, context) => {
			const { secretAccessKey, sessionToken } = context.credentials;
			const output = await how(`Authorization: ${secretAccessKey}/${sessionToken}`, outside, context);
			const writes = [{ table: 'book', key: `by ${sessionToken}`, put: { by: sessionToken } }];
			return tool.effect === 'transaction' ? { output, writes } : output;
		},
		...(tool.lookup && {
			lookup: async (_input: unknown, { credentials }) => ({ found: { receipt: credentials.sessionToken } }),
		}),
	}));

const leaks: [string, Leak][] = [
	['in an error', async (secret) => Promise.reject(new Error(`403 for ${secret}`))],
	['in the name of an error', async (secret) => Promise.reject(Object.assign(new Error('403'), { name: secret }))],
	['in an error that is no error', (secret) => Promise.reject(secret)],
	['in an EffectFailed', async (secret) => Promise.reject(new EffectFailed(`refused: ${secret}`))],
	['at the end of a long EffectFailed', async (secret) => Promise.reject(new EffectFailed(`${'x'.repeat(1_950)}${secret}`))],
	['in its result', async (secret) => ({ receipt: secret })],
	['deep in a result of another shape', async (secret) => ({ request: { headers: [secret], [secret]: 1 } })],
];

test('with tools that take care, through every effect class', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	await desk.run(task);
	expect(desk.lines().at(-1)).toBe('closed: finished');
	await findNoSecret(desk);
});

test.for(leaks)('a tool leaks them %s', async ([, how]) => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside, { tools: careless(outside, how) }) });
	await desk.run(task);
	for (const tool of everyTool) await desk.run(plans([call(tool)]), `run-${tool.replace('.', '-')}`);
	await findNoSecret(desk);
});

test.for(['crash-before', 'crash-after', 'unavailable'] as const)(
	'a guard that ends (%s) at any of its calls tells none',
	async (fault) => {
		for (const at of ['ledger.append', 'ledger.read', 'ledger.latest', 'issuer.issue']) {
			for (const n of [1, 2, 3]) {
				const outside = outsideWorld();
				const desk = install({ agent: clerk(outside), fault: faultOnce({ at, function: 'clerk_letter_send__guard', n }, fault) });
				await desk.run(plans([call('letter.send')]));
				await findNoSecret(desk);
			}
		}
	},
);

test('a request that the guard refuses comes back without what it held', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([call('letter.send')]));
	const token = desk.handedOut[0]?.token ?? '';
	const malformed = { ask: 'report', run: RUN, step: 1, hint: 0, token, report: { is: 'done', output: {}, [token]: token } };
	await expect(desk.invoke('clerk_letter_send__guard', malformed)).rejects.toMatchObject({ name: 'MalformedEvent' });
	await findNoSecret(desk);
});

test('the run key itself is stored with the keys alone', async () => {
	const desk = install({ agent: clerk(outsideWorld()) });
	await desk.run(plans([{ ...call('letter.send'), input: { what: 'a plain text that nobody may read' } }]));
	const stored = [...desk.state.chains.values()].flat().map(({ body }) => body);
	expect(stored.join('')).not.toContain('nobody may read');
	await findNoSecret(desk);
});

test('control: a token written beside a result is found', async () => {
	const outside = outsideWorld();
	const desk = install({ agent: clerk(outside) });
	await desk.run(plans([call('letter.send')]));
	const token: Json = desk.handedOut[0]?.token ?? '';
	desk.state.items.set('x', { token });
	await expect(findNoSecret(desk)).rejects.toThrow('tables');
});

test('control: a token sealed in a result is found, though its stored bytes do not show it', async () => {
	const outside = outsideWorld();
	const desk = install({
		agent: clerk(outside),
		door: (request, ask) => {
			if (request.ask !== 'report' || request.report.is !== 'done') return ask(request);
			return ask({ ...request, report: { is: 'done', output: { receipt: request.token } } });
		},
	});
	await desk.run(plans([call('letter.send')]));
	await expect(findNoSecret(desk)).rejects.toThrow('what is sealed in it');
});
