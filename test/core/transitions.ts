/** The states and the moves of the transition table, by the names the table gives them. */
import { contradicted } from '../../core/ledger/fold-outcome.ts';
import { type RunState, stepOf } from '../../core/ledger/state.ts';
import {
	absent,
	approved,
	begun,
	checkpoint,
	closed,
	committed,
	denied,
	done,
	failed,
	found,
	frozen,
	type Golden,
	granted,
	held,
	intent,
	type Line,
	lookedUp,
	ofEpoch,
	outcome,
	personSays,
	refused,
	resumed,
	stands,
	superseded,
	tellOn,
	thawed,
	told,
	withdrawn,
} from '../doubles/ledger-builder.ts';

/** Each state is about step 1 of a run. `cut` is an attempt without an outcome. */
export const states: Readonly<Record<string, Golden>> = {
	opened: told(),
	planned: told(intent('a.tool')),
	'read cut': told(intent('a.tool'), granted(1, 'read')),
	'transaction cut': told(intent('a.tool'), granted(1, 'transaction')),
	'replay cut': told(intent('a.tool'), granted(1, 'replay')),
	'replay cut twice': told(intent('a.tool'), granted(1, 'replay'), granted(1)),
	'lookup cut': told(intent('a.tool'), granted(1, 'lookup')),
	'lookup asked': told(intent('a.tool'), granted(1, 'lookup'), lookedUp(1)),
	'lookup absent': told(intent('a.tool'), granted(1, 'lookup'), lookedUp(1), absent(1)),
	'manual cut': told(intent('a.tool'), granted(1, 'manual')),
	'manual held': told(intent('a.tool'), granted(1, 'manual'), held(1, 'doubt')),
	'approval held': told(intent('a.tool'), held(1, 'approval', { effect: 'manual' })),
	approved: told(intent('a.tool'), held(1, 'approval', { effect: 'manual' }), approved(1)),
	refused: told(intent('a.tool'), held(1, 'approval', { effect: 'manual' }), refused(1)),
	done: told(intent('a.tool'), granted(1, 'manual'), done(1)),
	failed: told(intent('a.tool'), granted(1, 'manual'), failed(1)),
	denied: told(intent('a.tool'), denied(1)),
	'done, dropped': told(intent('a.tool'), granted(1, 'manual'), done(1), checkpoint()),
	contradicted: told(intent('a.tool'), granted(1, 'manual'), failed(1), done(1)),
	'contradicted, dropped': told(intent('a.tool'), granted(1, 'manual'), failed(1), done(1), checkpoint()),
	'frozen, lookup cut': told(intent('a.tool'), granted(1, 'lookup'), frozen()),
	'frozen, transaction cut': told(intent('a.tool'), granted(1, 'transaction'), frozen()),
	'stopped, lookup cut': told(intent('a.tool'), granted(1, 'lookup'), closed('stopped')),
	'stopped, transaction cut': told(intent('a.tool'), granted(1, 'transaction'), closed('stopped')),
	'stopped, approval held': told(intent('a.tool'), granted(1, 'replay'), held(1, 'approval'), closed('stopped')),
	finished: told(closed()),
	'taken up, manual cut': told(intent('a.tool'), granted(1, 'manual'), resumed()),
	'taken up, transaction cut': told(intent('a.tool'), granted(1, 'transaction'), resumed()),
	'outside, planned': tellOn(begun({ driver: 'outside' }), intent('a.tool')),
};

const firstEntry: Line = () => ({
	draft: {
		kind: 'opened',
		epoch: 0,
		agent: 'desk',
		driver: 'planner',
		by: 'local:alice',
		budget: { steps: 1, turns: 1, spend: null },
		code: '0'.repeat(64),
	},
});
const change = (line: Line, how: (draft: Record<string, unknown>, state: RunState) => Record<string, unknown>): Line => {
	return (state) => {
		const written = line(state);
		return { ...written, draft: how({ ...written.draft }, state) as typeof written.draft };
	};
};
const draftGrant = (state: RunState): unknown => (granted(1)(state).draft as { grant?: unknown }).grant;
/** The same words with the wrong `contradicts`. */
const misjudged = (line: Line): Line =>
	change(line, (draft, state) => {
		const step = stepOf(state, 1);
		const says = draft as { attempts: number[]; result: 'done' | 'failed'; contradicts?: true };
		const { contradicts: _contradicts, ...rest } = says;
		return step && contradicted(step, says) ? rest : { ...rest, contradicts: true };
	});

/** Each move is about step 1, and about its last attempt or all that are open. */
export const moves: Readonly<Record<string, Line>> = {
	'opened again': firstEntry,
	resumed: resumed(),
	'resumed, an epoch left out': (state) => ofEpoch(state.epoch + 2, resumed())(state),
	intent: intent('b.tool'),
	'intent of no calls, refused': change(intent(), (draft) => ({ ...draft, rejected: 'malformed' })),
	'intent refused, with calls': change(intent('b.tool'), (draft) => ({ ...draft, rejected: 'malformed' })),
	'intent planned too early': change(intent('b.tool'), (draft, state) => ({
		...draft,
		readTo: Math.max(0, state.head.place - 1),
		...(state.head.place === 0 && { readTo: 7 }),
	})),
	'intent of a number left out': change(intent('b.tool'), (draft, state) => ({
		...draft,
		calls: [{ step: state.nextStep + 1, tool: 'b.tool', call: '0'.repeat(64) }],
	})),
	'allow, next attempt': granted(1),
	'allow, an attempt left out': change(granted(1), (draft) => ({ ...draft, attempt: Number(draft.attempt) + 1 })),
	'allow, an attempt again': change(granted(1), (draft) => ({
		...draft,
		attempt: Math.max(1, Number(draft.attempt) - 1),
		...(draft.attempt === 1 && { attempt: 2 }),
	})),
	'allow without a grant': change(granted(1), ({ grant: _grant, ...draft }) => draft),
	'allow of another effect': (state) => granted(1, stepOf(state, 1)?.effect === 'read' ? 'manual' : 'read')(state),
	'allow with a claim': granted(1, undefined, { claim: { key: 'k', n: 1 } }),
	'allow by an older epoch': (state) => ofEpoch(Math.max(0, state.epoch - 1), granted(1))(state),
	'allow by a later epoch': (state) => ofEpoch(state.epoch + 1, granted(1))(state),
	'allow of a lookup': lookedUp(1),
	'allow of a lookup, of attempt 9': lookedUp(1, [9]),
	'allow of a lookup, of nothing': lookedUp(1, []),
	'allow of a lookup, as an attempt': change(lookedUp(1), (draft) => ({ ...draft, attempt: 1 })),
	'allow of a lookup without a grant': change(lookedUp(1), ({ grant: _grant, ...draft }) => draft),
	'allow of a lookup with a claim': change(lookedUp(1), (draft) => ({ ...draft, claim: { key: 'k', n: 1 } })),
	'allow of a lookup with a hold': change(lookedUp(1), (draft) => ({ ...draft, hold: { for: 'doubt', shown: '0'.repeat(64) } })),
	'allow with a hold': change(granted(1), (draft) => ({ ...draft, hold: { for: 'doubt', shown: '0'.repeat(64) } })),
	deny: denied(1),
	'deny with an attempt': change(denied(1), (draft) => ({ ...draft, attempt: 1 })),
	'deny with a claim': change(denied(1), (draft) => ({ ...draft, claim: { key: 'k', n: 1 } })),
	'deny with a hold': change(denied(1), (draft) => ({ ...draft, hold: { for: 'doubt', shown: '0'.repeat(64) } })),
	'deny with a question': change(denied(1), (draft) => ({ ...draft, asks: [1] })),
	'deny with a grant': change(granted(1), (draft) => ({ ...draft, verdict: 'deny' })),
	'hold for approval': held(1, 'approval'),
	'hold for doubt': held(1, 'doubt'),
	'hold with a grant': (state) => change(held(1, 'doubt'), (draft) => ({ ...draft, grant: draftGrant(state) }))(state),
	'hold with an attempt': change(held(1, 'doubt'), (draft) => ({ ...draft, attempt: 1 })),
	'hold with a claim': change(held(1, 'doubt'), (draft) => ({ ...draft, claim: { key: 'k', n: 1 } })),
	'hold with a question': change(held(1, 'doubt'), (draft) => ({ ...draft, asks: [1] })),
	'hold for nothing': change(held(1, 'doubt'), ({ hold: _hold, ...draft }) => draft),
	'approval, approved': approved(1),
	'approval, refused': refused(1),
	'approval of something else': approved(1, 'f'.repeat(64)),
	'done by tool': done(1),
	'failed by tool': failed(1),
	'done by tool, misjudged': misjudged(done(1)),
	'failed by tool, misjudged': misjudged(failed(1)),
	'done by tool of attempt 9': outcome(1, { result: 'done', by: 'tool', attempts: [9] }),
	'done by tool of a later epoch': (state) => done(1, { epoch: state.epoch + 1 })(state),
	'done by target': found(1),
	'failed by target': absent(1),
	'done by guard': committed(1),
	'done by guard, no commit': outcome(1, { result: 'done', by: 'guard' }),
	'done by guard, older epoch': (state) => committed(1, { epoch: Math.max(0, state.epoch - 1) })(state),
	'failed by guard': superseded(1),
	'failed by guard, frozen': withdrawn(1),
	'done by person': personSays(1, 'done'),
	'failed by person': personSays(1, 'failed'),
	'stands, done': stands(1, 'done'),
	'stands, failed': stands(1, 'failed'),
	'stands, by a tool': (state) => change(stands(1, 'done'), (draft) => ({ ...draft, by: 'tool' }))(state),
	checkpoint: checkpoint(),
	'checkpoint with memory': checkpoint({ memory: 'remembered' }),
	'checkpoint of another state': checkpoint({ state: (state) => ({ ...state, spend: state.spend + 1 }) }),
	'checkpoint of what comes': change(checkpoint(), (draft, state) => ({ ...draft, memory: state.head.place + 1 })),
	frozen: frozen(),
	thawed: thawed(),
	'closed, finished': closed('finished'),
	'closed, exhausted': closed('exhausted'),
	'closed, stopped': closed('stopped'),
};
