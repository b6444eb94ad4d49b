/**
 * The shipped functions, one atomic action at a time. A call runs the real function over ports that answer what the model
 * answered so far; at the first question beyond that, the call stands still, and what it asks is the model's to grant,
 * to delay or never to answer. Nothing of a function is described here. Calls with the same answers are made once.
 */
import { createHash } from 'node:crypto';
import { agentChain } from '../../../core/ids.ts';
import { canonical, NO_HASH } from '../../../core/ledger/chain.ts';
import { type Entry, entry as entryShape, type StoredEntry } from '../../../core/ledger/entry.ts';
import type { Reader, Store } from '../../../core/ledger/read.ts';
import type { Appended, Claim, Issuer, Together } from '../../../core/ports.ts';
import { close } from '../../../functions/close/close.ts';
import { decide, type Answer as PersonsAnswer } from '../../../functions/decide/decide.ts';
import { freezeRun } from '../../../functions/freeze/freeze.ts';
import { guard } from '../../../functions/guard/guard.ts';
import type { GuardAnswer, Report } from '../../../functions/guard/protocol.ts';
import { type PlanAnswer, plan } from '../../../functions/plan/plan.ts';
import { type ResumeAnswer, resume } from '../../../functions/resume/resume.ts';
import type { Desk } from './desk.ts';
import { keyOf, type Ledger, NOW, storedOf, windowOf } from './ledger.ts';
import { MARGIN_MS, type PolicyMode } from './settings.ts';

export type Call =
	| { fn: 'act'; run: string; step: number; epoch: number; skew: number }
	| { fn: 'settle'; run: string; step: number; epoch: number; skew: number; waitedFor: readonly number[] }
	| { fn: 'report'; run: string; step: number; token: string; report: Report }
	| { fn: 'plan'; run: string; epoch: number }
	| { fn: 'resume'; run: string; reason: 'recovery' | 'person' }
	| { fn: 'decide'; run: string; answer: PersonsAnswer }
	| { fn: 'close'; run: string }
	| { fn: 'freeze' | 'thaw'; run: string };

/** What a function asks of the outside. */
export type Question =
	| { port: 'read'; run: string }
	| { port: 'control' }
	| { port: 'claim' }
	| { port: 'ledger'; run: string }
	| { port: 'append'; entry: Entry; together: Together | undefined };
export type Reply =
	| { port: 'read'; ledger: Ledger; policy: PolicyMode }
	| { port: 'control'; frozen: boolean }
	| { port: 'claim'; latest: Claim | undefined }
	| { port: 'ledger'; ledger: Ledger }
	| { port: 'append'; is: 'appended' | 'conflict' | 'claimed' };
export type Standing =
	| { is: 'asks'; question: Question }
	| { is: 'answered'; answer: GuardAnswer | PlanAnswer | ResumeAnswer | { is: string } }
	| { is: 'threw'; name: string; message: string };

/** A call under way. */
export type Running = { readonly call: Call; readonly replies: readonly Reply[]; readonly now: Standing; readonly key: string };

const RUN_KEY = new Uint8Array(32).fill(7);
const GENERATION = 'g1';

const replyKey = (reply: Reply): string => {
	switch (reply.port) {
		case 'read':
			return `r${reply.ledger.key}${reply.policy}`;
		case 'ledger':
			return `l${reply.ledger.key}`;
		case 'control':
			return `c${reply.frozen}`;
		case 'claim':
			return `k${JSON.stringify(reply.latest ?? null)}`;
		case 'append':
			return `a${reply.is}`;
	}
};

/** What a new round of `decideUntilPlaced` remembers of the rounds before it: nothing, but for two. */
function remembered(call: Call, replies: readonly Reply[]): readonly Reply[] {
	if (call.fn === 'resume') return replies.slice(0, replies.findIndex((reply) => reply.port === 'append') + 1);
	// `withdraw` decides anew about an attempt that this very call has granted.
	const granted = replies.findIndex((reply, index) => reply.port === 'control' && replies[index - 1]?.port === 'append');
	return granted < 0 ? [] : replies.slice(0, granted + 1);
}

/** Runs calls of one installation, each distinct one once. */
export function shippedFunctions(desk: Desk) {
	const known = new Map<string, Standing>();
	let calls = 0;

	async function running(call: Call, replies: readonly Reply[]): Promise<Running> {
		const key = keyOf(`${JSON.stringify(call)} ${replies.map(replyKey).join(' ')}`);
		let now = known.get(key);
		if (!now) {
			calls += 1;
			now = await standing(desk, call, replies);
			known.set(key, now);
		}
		return { call, replies, now, key };
	}

	return {
		begun: (call: Call): Promise<Running> => running(call, []),
		async replied({ call, replies, now }: Running, reply: Reply): Promise<Running> {
			if (now.is !== 'asks' || now.question.port !== reply.port) throw new Error(`${call.fn} did not ask for ${reply.port}`);
			const whole = await running(call, [...replies, reply]);
			if (reply.port !== 'read' || replies.at(-1)?.port !== 'append') return whole;
			// Forgotten only where the function itself goes on as if it had begun here.
			const anew = await running(call, [...remembered(call, replies), reply]);
			return JSON.stringify(anew.now) === JSON.stringify(whole.now) ? anew : whole;
		},
		/** Calls of shipped functions made so far. */
		calls: () => calls,
	};
}
export type Shipped = ReturnType<typeof shippedFunctions>;

function standing(desk: Desk, call: Call, replies: readonly Reply[]): Promise<Standing> {
	return new Promise((resolve) => {
		let next = 0;
		const ask: Ask = (question) => {
			const reply = replies[next];
			next += 1;
			if (reply && reply.port !== question.port) throw new Error(`${call.fn} asked ${question.port} where it had asked ${reply.port}`);
			if (reply) return Promise.resolve(reply) as never;
			resolve({ is: 'asks', question });
			// Never answered here: the model makes the call again, with one answer more.
			return new Promise(() => undefined);
		};
		made(desk, call, ask).then(
			(answer) => resolve({ is: 'answered', answer }),
			(error: Error) => resolve({ is: 'threw', name: error.name, message: error.message }),
		);
	});
}

type Ask = <Q extends Question>(question: Q) => Promise<Extract<Reply, { port: Q['port'] }>>;

async function made(desk: Desk, call: Call, ask: Ask) {
	const at = { policy: 'allow' as PolicyMode, token: '' };
	const skewMs = 'skew' in call ? call.skew * 1000 : 0;
	const store = storeOf(ask, skewMs, at);
	const reader: Reader = {
		read: async (run) => {
			const { ledger, policy } = await ask({ port: 'read', run });
			at.policy = policy;
			return { state: ledger.state, window: windowOf(ledger), key: RUN_KEY };
		},
		keep: () => undefined,
	};
	const { agent, tool } = desk;
	const around = { store, reader, agent, marginMs: MARGIN_MS, settings: {}, tool: tool.name, policies: desk.policies(() => at.policy) };
	const ids = { run: call.run, hint: 0 };
	const by = 'local:alice';
	switch (call.fn) {
		case 'act':
			return guard({ ask: 'act', ...ids, step: call.step, epoch: call.epoch }, { ...around, issuer: issuerOf(at) });
		case 'settle':
			return guard(
				{ ask: 'settle', ...ids, step: call.step, epoch: call.epoch, waitedFor: [...call.waitedFor] },
				{ ...around, issuer: issuerOf(at) },
			);
		case 'report':
			return guard({ ask: 'report', ...ids, step: call.step, token: call.token, report: call.report }, { ...around, issuer: issuerOf(at) });
		case 'plan':
			return plan({ ...ids, epoch: call.epoch }, around);
		case 'resume':
			return resume({ run: call.run, reason: call.reason, by }, around);
		case 'decide':
			return decide({ run: call.run, by, answer: call.answer }, around);
		case 'close':
			return close({ run: call.run, by, reason: 'enough' }, around);
		case 'freeze':
		case 'thaw':
			return freezeRun(call.run, { is: call.fn, by, reason: 'look' }, around);
	}
}

/** Tokens and access keys are made from what they are for; two calls that grant one attempt are told apart by what became of their appends. */
const issuerOf = (at: { token: string }): Issuer => ({
	issue: async ({ sessionName, durationSeconds, role }) => {
		at.token = `${role}/${sessionName}`;
		const expiresAt = (NOW + durationSeconds * 1000) as typeof NOW;
		return { accessKeyId: at.token, secretAccessKey: 's', sessionToken: 't', expiresAt };
	},
});

const NONCE = Buffer.alloc(12, 1);
function storeOf(ask: Ask, skewMs: number, at: { token: string }): Store {
	return {
		ledger: {
			generation: GENERATION,
			read: async (chain, { from, limit }) => storedOf((await ask({ port: 'ledger', run: chain })).ledger).slice(from, from + limit),
			latest: async (chain) => {
				if (chain !== agentChain('desk')) return [];
				return (await ask({ port: 'control' })).frozen ? [FROZEN] : [];
			},
			append: async (entry, together) => {
				const reply = await ask({ port: 'append', entry: entryShape.parse(JSON.parse(entry.body)), together });
				return appendedAs(reply.is, entry);
			},
		},
		claims: { latest: async () => (await ask({ port: 'claim' })).latest },
		keys: { create: async () => RUN_KEY, get: async () => RUN_KEY, destroy: async () => undefined },
		payloads: { put: async () => undefined, get: async () => undefined },
		clock: { now: () => (NOW + skewMs) as typeof NOW },
		randomness: {
			bytes: (length) => (length === NONCE.length ? NONCE : createHash('sha256').update(at.token).digest().subarray(0, length)),
		},
	};
}

function appendedAs(is: 'appended' | 'conflict' | 'claimed', entry: StoredEntry): Appended {
	if (is === 'appended') return { is };
	if (is === 'conflict') return { is, holder: { ...entry, body: '{}' } };
	return { is, holder: { tool: '', key: '', n: 0, run: '', step: 0, hint: 0 } };
}

const FROZEN: StoredEntry = {
	chain: agentChain('desk'),
	place: 0,
	body: canonical(
		entryShape.parse({
			v: 1,
			run: agentChain('desk'),
			place: 0,
			prev: NO_HASH,
			at: NOW,
			epoch: 0,
			gen: GENERATION,
			nonce: NONCE.toString('base64url'),
			kind: 'frozen',
			by: 'local:alice',
		}),
	),
};
