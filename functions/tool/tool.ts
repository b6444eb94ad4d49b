/**
 * Running a tool: the guard is asked, the tool runs with what the guard hands out and nothing else, and reports.
 * A crash before the grant leaves nothing; between grant and report, an open attempt.
 */
import { EffectFailed, type LookupContext, type Tool, type ToolContext } from '../../core/agent/tool.ts';
import { CONTENT_BYTES } from '../../core/bounds.ts';
import type { Json } from '../../core/ids.ts';
import type { GuardAnswer, GuardRequest, Report, StepStatus, ToolEvent } from '../guard/protocol.ts';

/** The one door out of a tool's function that is ours: its own guard. */
export type GuardDoor = (request: GuardRequest) => Promise<GuardAnswer>;
export type ToolSurroundings = {
	readonly tool: Tool;
	readonly guard: GuardDoor;
	readonly settings: Readonly<Record<string, string>>;
	/** What the runtime leaves this invocation, in milliseconds. */
	readonly remainingMs: () => number;
};

type Granted = Extract<GuardAnswer, { is: 'granted' }>;
type LookUp = Extract<GuardAnswer, { is: 'look-up' }>;

/** The guard would not even judge: a fault in wiring or an attack, not an outcome. Final. */
export class GuardRefused extends Error {
	override name = 'GuardRefused';
}
/** The tool threw, or its report did not arrive: whether its effect happened is not known here. The process must end, so that nothing of it acts later. */
export class Unclean extends Error {
	override name = 'Unclean';
}

const REPORTS_REPEATED = 4;
/** Kept of the runtime's time for the report. */
const REPORT_MS = 150;

/** @throws Unclean, GuardRefused */
export async function runTool(event: ToolEvent, around: ToolSurroundings): Promise<StepStatus> {
	const { run, step, epoch, hint } = event;
	const ids = { run, step, epoch, hint };
	const answer = await around.guard(event.state === 'Act' ? { ask: 'act', ...ids } : { ask: 'settle', ...ids, waitedFor: event.attempts });
	switch (answer.is) {
		case 'status':
			return answer.status;
		case 'refused':
			throw new GuardRefused(answer.why);
		case 'granted':
			return await reported(event, answer, around, await attempt(event, answer, around));
		case 'look-up':
			return await lookedUp(event, answer, around);
	}
}

async function attempt(event: ToolEvent, granted: Granted, around: ToolSurroundings): Promise<Report> {
	const { tool } = around;
	// A process that slept from its question to this answer has nothing left, and whoever waits for it counts on that.
	if (around.remainingMs() <= REPORT_MS) throw new Unclean('the grant came when the time was over; the tool was not begun');
	const abort = abortBeforeEnd(around);
	const context: ToolContext = { ...contextOf(event, granted, around), attempt: granted.attempt, signal: abort.signal };
	try {
		const output = await tool.run(tool.input.parse(granted.input), context);
		if (tool.effect !== 'transaction') return { is: 'done', ...sent(output, granted) };
		const { output: said, writes } = output as { output: unknown; writes?: [] };
		return { is: 'done', ...sent(said, granted), writes: asJson(writes ?? [], granted) };
	} catch (error) {
		if (error instanceof Error && (error instanceof EffectFailed || error.name === 'EffectFailed'))
			return { is: 'failed', reason: redacted(error.message, granted).slice(0, 2_000) };
		throw new Unclean(describe(error, granted));
	} finally {
		abort.done();
	}
}

async function lookedUp(event: ToolEvent, granted: LookUp, around: ToolSurroundings): Promise<StepStatus> {
	const { tool } = around;
	const abort = abortBeforeEnd(around);
	const context: LookupContext = { ...contextOf(event, granted, around), attempts: granted.attempts, signal: abort.signal };
	// No answer is no outcome: the same attempts are asked about again, and after a few times a person is.
	const later: StepStatus = {
		status: 'in-doubt',
		waitSeconds: Math.max(1, Math.ceil(tool.visibleWithinMs / 1000)),
		attempts: granted.attempts,
	};
	try {
		const found = await tool.lookup?.(tool.input.parse(granted.input), context);
		if (!found || 'unknown' in found) return later;
		return await reported(event, granted, around, 'found' in found ? { is: 'found', ...sent(found.found, granted) } : { is: 'absent' });
	} catch {
		return later;
	} finally {
		abort.done();
	}
}

const contextOf = (event: ToolEvent, granted: Granted | LookUp, around: ToolSurroundings) => ({
	idempotencyKey: granted.idempotencyKey,
	credentials: granted.credentials,
	run: event.run,
	step: event.step,
	settings: around.settings,
});

/** Reports until the guard has answered: the same report twice is one. */
async function reported(event: ToolEvent, granted: Granted | LookUp, around: ToolSurroundings, report: Report): Promise<StepStatus> {
	const request = { ask: 'report', run: event.run, step: event.step, hint: event.hint, token: granted.token, report } as const;
	let last: unknown;
	for (let time = 0; time < REPORTS_REPEATED; time += 1) {
		try {
			const answer = await around.guard(request);
			if (answer.is === 'status') return answer.status;
			throw new GuardRefused(answer.is === 'refused' ? answer.why : `answered ${answer.is} to a report`);
		} catch (error) {
			if (error instanceof GuardRefused) throw error;
			last = error;
		}
	}
	throw new Unclean(`the report did not arrive: ${describe(last, granted)}`);
}

function abortBeforeEnd({ remainingMs }: ToolSurroundings): { signal: AbortSignal; done: () => void } {
	const controller = new AbortController();
	const timer = setTimeout(
		() => controller.abort(new Error('the runtime is about to end this process')),
		Math.max(0, remainingMs() - REPORT_MS),
	);
	return { signal: controller.signal, done: () => clearTimeout(timer) };
}

/** What is told of a result. One that is larger than any ledger keeps might not reach the guard, and then nobody would know that it is done. */
function sent(value: unknown, granted: Granted | LookUp): { output: Json; unsentBytes?: number } {
	const output: Json = asJson(value, granted);
	const size = Buffer.byteLength(JSON.stringify(output));
	return size > CONTENT_BYTES ? { output: null, unsentBytes: size } : { output };
}

/** What JSON makes of a result; `undefined` is null. */
const asJson = (value: unknown, granted: Granted | LookUp) => JSON.parse(redacted(JSON.stringify(value ?? null), granted));

function describe(error: unknown, granted: Granted | LookUp): string {
	const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
	return redacted(text, granted).slice(0, 500);
}

/** A3: what was handed out must not leave by mistake, in an error or in the echo of a request. */
const redacted = (text: string, { credentials, token }: Granted | LookUp): string =>
	[credentials.sessionToken, credentials.secretAccessKey, token].reduce((safe, secret) => safe.replaceAll(secret, '[redacted]'), text);
