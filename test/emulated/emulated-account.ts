/**
 * Sets the tier up by itself: MiniStack behind the recording proxy, refund-desk's outside world behind its edge, CDK's
 * bootstrap and deployment. All of it once for all tests, and ended whatever happens.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { startWorld } from '../../agents/refund-desk/world/start.ts';
import { trailDirectory } from '../../local/trail.ts';
import { ACCOUNT, REGION, root, startMiniStack } from './account/ministack.ts';
import { bootstrap, deploy, type Outputs, synthesize } from './deployment/deploy.ts';
import { trailOf } from './deployment/trail.ts';
import { type May, person } from './desk/people.ts';
import type { Keys } from './desk/signed.ts';
import { controlled } from './proxy/control.ts';
import { recordingProxy } from './proxy/proxy.ts';
import { recording } from './proxy/recording.ts';
import { writeSeed } from './world/copies.ts';
import { sessionEdge, sessionSigner } from './world/session-edge.ts';
import { toldEvents } from './world/told-events.ts';

export type EmulatedAccount = {
	/** The proxy: where everybody finds AWS. */
	readonly endpoint: string;
	readonly control: string;
	readonly region: string;
	readonly account: string;
	readonly outputs: Outputs;
	readonly settings: Readonly<Record<string, string>>;
	readonly directory: string;
	/** What was deployed first: the repository's agents as they are. */
	readonly assembly: string;
	readonly worldDirectory: string;
	/** CloudTrail's events, one a line. */
	readonly recording: string;
	/** Those of them that the deployment's trail has put into its log group, and what services outside told, one a line. */
	readonly delivered: string;
	/** The process group that Lambda workers are in. */
	readonly group: number;
	readonly people: Readonly<Record<'root' | 'clerk' | 'approver' | 'driver' | 'stranger', Keys>>;
	readonly deployedInMs: number;
};
declare module 'vitest' {
	interface ProvidedContext {
		emulated: EmulatedAccount;
	}
}

const base = fileURLToPath(new URL('../../.cache/emulated/', import.meta.url));

/** `EMULATED_ACCOUNT` names the file that `main.ts` wrote: its account is used, and stays. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const kept = process.env.EMULATED_ACCOUNT;
	if (kept !== undefined) {
		project.provide('emulated', JSON.parse(readFileSync(kept, 'utf8')) as EmulatedAccount);
		return async () => {};
	}
	const { account, end } = await emulatedAccount();
	project.provide('emulated', account);
	return end;
}

export async function emulatedAccount(): Promise<{ account: EmulatedAccount; end: () => Promise<void> }> {
	const ends: (() => unknown)[] = [];
	const end = async (): Promise<void> => {
		for (const one of ends.splice(0).reverse()) await one();
	};
	try {
		return { account: await built(ends), end };
	} catch (error) {
		await end();
		throw error;
	}
}

async function built(ends: (() => unknown)[]): Promise<EmulatedAccount> {
	const directory = join(base, String(process.pid));
	rmSync(base, { recursive: true, force: true });
	mkdirSync(directory, { recursive: true });
	const file = join(directory, 'cloudtrail.ndjson');
	const delivered = join(directory, 'delivered.ndjson');
	const worldDirectory = join(directory, 'world');
	const others = toldEvents(worldDirectory, { accountId: ACCOUNT, region: REGION });
	const proxy = await recordingProxy({ accountId: ACCOUNT, recording: recording(file), delivered, others });
	ends.push(() => proxy.close());
	const ministack = await startMiniStack({ directory, endpointOfFunctions: proxy.endpoint, say });
	ends.push(() => ministack.stop());
	proxy.leadTo(ministack.endpoint);
	const control = await controlled(proxy);
	ends.push(() => control.close());

	const issuerPublicKey = join(directory, 'sessions.pub');
	const signed = sessionSigner(issuerPublicKey);
	const seed = join(directory, 'seed.json');
	writeSeed(seed);
	const world = await startWorld({ directory: worldDirectory, issuerPublicKey, seed, trail: trailDirectory(worldDirectory) });
	ends.push(() => world.stop());
	const settings: Record<string, string> = {};
	for (const [name, url] of Object.entries(world.settings)) {
		const edge = await sessionEdge(url, { sessionOf: proxy.identities.byToken, signed });
		ends.push(() => edge.close());
		settings[name] = edge.url;
	}

	say('bootstrapping and deploying with the CDK command line');
	const begun = performance.now();
	const deploying = { endpoint: proxy.endpoint, directory, settings };
	const [assembly] = await Promise.all([synthesize(deploying), bootstrap(deploying)]);
	const outputs = await deploy(deploying, assembly);
	await trailOf(outputs, { endpoint: proxy.endpoint, region: REGION, credentials: root }).create();
	const deployedInMs = Math.round(performance.now() - begun);
	say(`deployed in ${(deployedInMs / 1000).toFixed(1)} s`);
	const people = await peopled(proxy.endpoint);
	return {
		endpoint: proxy.endpoint,
		control: control.url,
		region: REGION,
		account: ACCOUNT,
		outputs,
		settings,
		directory,
		assembly,
		worldDirectory,
		recording: file,
		delivered,
		group: ministack.group,
		people,
		deployedInMs,
	};
}

const ofFunction = (name: string): May => ({
	actions: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'],
	resource: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:throughline-*-${name}`,
});

const states = (resource: string): string => `arn:aws:states:${REGION}:${ACCOUNT}:${resource}`;
const ofSteps: readonly May[] = [
	{ actions: ['states:StartExecution'], resource: states('stateMachine:throughline-*-step-stock-room') },
	{ actions: ['states:DescribeExecution'], resource: states('execution:throughline-*-step-stock-room:*') },
];

/** Who opens tickets can't answer, who answers can't open, and a stranger can do neither. */
async function peopled(endpoint: string): Promise<EmulatedAccount['people']> {
	const asking = { endpoint, region: REGION, root };
	return {
		root,
		clerk: await person('clerk', [ofFunction('refund-desk-open')], asking),
		approver: await person('approver', [ofFunction('decide'), ofFunction('close'), ofFunction('freeze')], asking),
		// Drives a run of the stock room from outside: by its functions, and by the step machine.
		driver: await person('driver', [ofFunction('stock-room-*'), ofFunction('close'), ...ofSteps], asking),
		stranger: await person('stranger', [], asking),
	};
}

const say = (line: string): void => void process.stderr.write(`emulated account: ${line}\n`);
