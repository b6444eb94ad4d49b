/** The SDK's errors in core's words, translated once. */
import { LedgerUnavailable } from '../../core/ports.ts';

/** A request whose answer didn't come, from a port that can't say `unknown`. Worth another try. */
export class NoAnswer extends Error {
	override name = 'NoAnswer';
}

const credentials = 'the credentials are missing, expired or wrong. Give the process valid ones, then resume';
/** What an operator does about the errors after which nothing was written and trying again at once is no use. */
const advice = new Map([
	['ResourceNotFoundException', 'the table does not exist in this region and account. Deploy it, or correct its name, then resume'],
	['AccessDeniedException', "this role may not do that. Check the function's role and the table's resource policy, then resume"],
	[
		'ValidationException',
		'the request does not fit the table. Compare the table with docs/spec/storage.md, and the size of the entry with 400 KB',
	],
	['UnrecognizedClientException', credentials],
	['InvalidSignatureException', credentials],
	['ExpiredTokenException', credentials],
	['MissingAuthenticationTokenException', credentials],
	['CredentialsProviderError', credentials],
]);

/**
 * What became of a write that threw `error`.
 * A refusal counts only when it met the first try: an earlier one may have landed before, say, the credentials expired.
 */
export function afterWrite(error: unknown, table: string): LedgerUnavailable | { is: 'unknown'; cause: string } {
	const unavailable = attempts(error) <= 1 ? unavailability(error, table) : undefined;
	return unavailable ?? { is: 'unknown', cause: `${table}: ${said(error)}` };
}

/** What to throw for a read, or a write of a port without `unknown`, that threw `error`. */
export const withoutAnswer = (error: unknown, table: string): Error =>
	unavailability(error, table) ?? new NoAnswer(`${table} gave no answer: ${said(error)}. Try again`);

export function unavailability(error: unknown, table: string): LedgerUnavailable | undefined {
	const next = error instanceof Error ? advice.get(error.name) : undefined;
	return next === undefined ? undefined : new LedgerUnavailable(`table ${table} is unavailable: ${next}. ${said(error)}`);
}

/** An item that is not of the shape it was written with. */
export const damagedItem = (table: string, item: string): LedgerUnavailable =>
	new LedgerUnavailable(
		`table ${table} is unavailable: ${item} is not of the shape in docs/spec/storage.md. Find out who else writes to the table, then resume`,
	);

const said = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

function attempts(error: unknown): number {
	const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
	const has = typeof metadata === 'object' && metadata !== null && 'attempts' in metadata;
	return has && typeof metadata.attempts === 'number' ? metadata.attempts : 1;
}
