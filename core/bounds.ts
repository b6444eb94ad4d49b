/** Every bound that is not an author's to set, named once. Sizes in bytes, times in milliseconds. */

/** Content up to this many bytes of ciphertext, tag included, stands in the entry itself; above, in the payload store. */
export const INLINE_CONTENT_BYTES = 4_096;
/** One content (a task, an input, a result, a memory) at most. */
export const CONTENT_BYTES = 1_048_576;
/** A task or a call's input at most. */
export const INPUT_BYTES = 65_536;
/** A memory that an agent saves, at most: a checkpoint holds it beside the facts. */
export const MEMORY_BYTES = 524_288;
/** Steps whose results one reading of a run answers at most: a response of a Lambda has six megabytes, and as text within it each quote is two bytes. */
export const RESULTS_PER_READING = 4;
/** Levels a plan may be nested: far below what ends a stack, wherever it is walked later. */
export const PLAN_DEPTH = 200;
/** Calls in one intent at most: each needs a decision and an outcome before the next checkpoint. */
export const CALLS_PER_INTENT = 32;
/** Entries one query reads at most. */
export const ENTRIES_PER_QUERY = 50;
/** A checkpoint stands at least every so many entries. */
export const ENTRIES_PER_CHECKPOINT = 46;
/** Room before the next checkpoint for a decision, its outcome and people's answers. */
export const CHECKPOINT_ROOM = 4;
/** Attempts at one step at most, then it is denied, settled, or a person's. */
export const ATTEMPTS_PER_STEP = 5;
/** Lookups of one step at most, then it is a person's. */
export const LOOKUPS_PER_STEP = 4;
/** Resumes in a row that brought nothing, then the run waits for a person. */
export const RESUMES_WITHOUT_PROGRESS = 5;
/** History events of one execution at most, by Step Functions' own limit: one that reaches it fails. */
export const HISTORY_EVENTS = 25_000;
/**
 * Entries of one epoch before its execution hands over to a fresh one. With everything tried again as often as the machine allows, a
 * turn of n steps makes 17 + 12 n history events and leaves 1 + n entries at least; a turn without steps makes 13 and leaves one.
 * So an entry comes with 14.5 events at most: 1,500 of them, a turn of 32 steps before the first and after the last, and the
 * hand-over itself make 22,589.
 *
 * @see statemachines/history.ts, which counts this from the definitions
 */
export const ENTRIES_PER_EXECUTION = 1_500;
/** Times a writer decides again after losing its place. */
export const PLACES_LOST = 64;
/** Times the same put is made again after an unknown answer. */
export const PUTS_REPEATED = 5;
/** Facts a run remembers; the oldest go first. */
export const FACTS_PER_RUN = 128;
/** And so many bytes of them, so that a checkpoint holds them together with the largest memory. */
export const FACTS_BYTES = 131_072;
/** A session policy at most, in characters: the packed limit of STS is reached well before its 2,048. */
export const SESSION_POLICY_CHARACTERS = 1_200;
/** A business key at most, in characters. */
export const KEY_CHARACTERS = 200;
/** An approval holds so long. */
export const APPROVAL_MS = 24 * 3_600_000;
/** What may be cut off the end of a session when its issuer says it: STS answers in whole seconds. Two clocks that look alike may differ by it. */
export const EXPIRY_CUT_MS = 1_000;
/** The least life STS gives a session. */
export const SESSION_SECONDS = 900;
/** Determining policies a decision names at most. */
export const POLICIES_NAMED = 50;
