/** A plan rests on what its planner had read. If anything was appended since, it is thrown away and made again, never renumbered. */
import { expect, test } from 'vitest';
import { canonical } from '../../core/ledger/chain.ts';
import type { StoredEntry } from '../../core/ledger/entry.ts';
import type { Store } from '../../core/ledger/read.ts';
import { freezeRun } from '../../functions/freeze/freeze.ts';
import type { AgentSpec } from '../../index.ts';
import { call, clerk } from '../doubles/clerk.ts';
import { BY, type Installation, install, RUN } from '../doubles/driver.ts';
import { outsideWorld } from '../doubles/outside.ts';

const freeze = (desk: Installation, is: 'freeze' | 'thaw') => freezeRun(RUN, { is, by: BY, reason: 'told so' }, desk.operator);

/** Somebody freezes and thaws the run while the planner thinks for the first time; `asked` counts how often it is asked. */
async function overtaken(during: (desk: Installation) => Promise<void>, store?: (store: Store, name: string) => Store) {
	let asked = 0;
	const planner: AgentSpec['planner'] = async ({ happened }) => {
		asked += 1;
		if (asked === 1) await during(desk);
		return happened.length > 0 ? { finish: null } : { calls: [call('file.read', `asked ${asked}`)] };
	};
	const outside = outsideWorld();
	const desk: Installation = install({ agent: clerk(outside, { planner }), ...(store && { store }) });
	await desk.run(null);
	return { desk, outside, asked: () => asked };
}

/** Every intent names the place right before its own: nothing came between the planner's reading and it. */
function restsOnAllBefore(desk: Installation): void {
	const intents = desk.entries().filter((entry) => entry.kind === 'intent');
	expect(intents.map(({ readTo }) => readTo)).toEqual(intents.map(({ place }) => place - 1));
	expect(desk.check()).toMatchObject({ is: 'whole' });
}

test('asked again on what is there now; the first plan leaves no trace', async () => {
	const { desk, outside, asked } = await overtaken(async (during) => {
		await freeze(during, 'freeze');
		await freeze(during, 'thaw');
	});
	expect(desk.lines()).toEqual(['opened', 'frozen', 'thawed', 'planned 1', 'granted 1.1', 'done 1.1 by tool', 'closed: finished']);
	expect(asked()).toBe(3);
	expect(outside.effects.map(({ input }) => input)).toEqual([{ what: 'asked 2' }]);
	restsOnAllBefore(desk);
});

test('frozen meanwhile: the plan is thrown away, and nobody is asked again until the thaw', async () => {
	const { desk, asked } = await overtaken(async (during) => {
		await freeze(during, 'freeze');
	});
	expect(desk.lines()).toEqual(['opened', 'frozen']);
	expect(asked()).toBe(1);
});

test('taken up again meanwhile: the fenced planner adds nothing', async () => {
	const { desk } = await overtaken(async (during) => {
		await during.invoke('resume', { run: RUN, reason: 'person' });
	});
	expect(desk.lines()).toEqual(['opened', 'resumed 1: person']);
});

test('control: a plan that takes the next free place rests on less, and the check sees it', async () => {
	const { desk } = await overtaken(
		async (during) => {
			await freeze(during, 'freeze');
			await freeze(during, 'thaw');
		},
		(store, name) => (name === 'clerk-plan' ? takingTheNextPlace(store) : store),
	);
	expect(() => restsOnAllBefore(desk)).toThrow();
});

function takingTheNextPlace(store: Store): Store {
	const { generation, read, latest } = store.ledger;
	const append = async (entry: StoredEntry, together = {}): ReturnType<Store['ledger']['append']> => {
		const answer = await store.ledger.append(entry, together);
		if (answer.is !== 'conflict') return answer;
		const place = entry.place + 1;
		return append({ ...entry, place, body: canonical({ ...JSON.parse(entry.body), place }) }, together);
	};
	return { ...store, ledger: { generation, read, latest, append } };
}
