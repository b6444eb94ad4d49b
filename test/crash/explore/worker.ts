/** Explores the scenarios it is told to, until nobody tells it any more. */
import { createHash } from 'node:crypto';
import type { World } from '../world/world.ts';
import { explore } from './explore.ts';
import type { Job, JobDone } from './jobs.ts';
import { scenarios } from './scenarios/all.ts';
import { standStill } from './still.ts';

standStill();
let exploring: Promise<unknown> = Promise.resolve();
process.on('message', (job: Job) => {
	exploring = exploring.then(() => explored(job)).then((done) => process.send?.(done));
});

async function explored({ name, faults }: Job): Promise<JobDone> {
	const listed = scenarios.find((scenario) => scenario.name === name);
	if (!listed) throw new Error(`there is no scenario ${name}`);
	const before = process.cpuUsage();
	const rests = createHash('sha256');
	const { transitions, states, merged, ends, fired, sites, violations } = await explore(listed.make(name), {
		faults,
		onEnd: (world) => void rests.update(bytesOf(world)),
	});
	const { user, system } = process.cpuUsage(before);
	return {
		name,
		faults,
		transitions,
		states,
		merged,
		ends,
		faultsFired: Object.fromEntries(fired),
		sites: Object.fromEntries([...sites].map(([site, kinds]) => [site, Object.fromEntries(kinds)])),
		violations,
		cpuSeconds: (user + system) / 1_000_000,
		rests: rests.digest('hex'),
	};
}

const bytesOf = ({ state, journal, nowMs }: World): string =>
	JSON.stringify([
		[...state.chains].sort().map(([, entries]) => entries.at(-1)?.body),
		[...state.items],
		journal.effects,
		journal.refused,
		nowMs,
	]);
