/** JSON from people: where it is wrong, in their own line and column. */

/** One token of RFC 8259, after white space: punctuation, a string, or another value. */
const TOKEN =
	/[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/uy;
const BLANK = /[ \t\n\r]*/y;

export type ParsedJson = { value: unknown } | { why: string };

/** `why` begins with line and column. `line` is where `text` begins in its file. */
export function parseJson(text: string, line = 1): ParsedJson {
	try {
		return { value: JSON.parse(text) };
	} catch {
		const at = faultIn(text);
		const before = text.slice(0, at).split('\n');
		const found = at >= text.length ? 'the end' : JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
		return { why: `line ${line + before.length - 1}, column ${(before.at(-1)?.length ?? 0) + 1}: it is not JSON at ${found}` };
	}
}

/** What may come next inside a value. */
type Expected = 'value' | 'value-or-]' | 'key' | 'key-or-}' | 'colon' | 'comma-or-end';

/** The offset of the first character that no JSON text could have there. */
function faultIn(text: string): number {
	const inside: ('[' | '{')[] = [];
	let expected: Expected = 'value';
	let at = 0;
	const closed = (): Expected => (inside.length > 0 ? 'comma-or-end' : 'value');
	// Each round takes one token or ends.
	for (;;) {
		BLANK.lastIndex = at;
		BLANK.test(text);
		const start = BLANK.lastIndex;
		TOKEN.lastIndex = at;
		const token = TOKEN.exec(text);
		if (!token) return start;
		const [, punctuation, string] = token;
		const next = after(expected, punctuation, string !== undefined, inside);
		if (next === undefined) return start;
		at = TOKEN.lastIndex;
		expected = next === 'closed' ? closed() : next;
		if (next === 'closed' && inside.length === 0) return at + (/^[ \t\n\r]*/.exec(text.slice(at))?.[0].length ?? 0);
	}
}

function after(
	expected: Expected,
	punctuation: string | undefined,
	isString: boolean,
	inside: ('[' | '{')[],
): Expected | 'closed' | undefined {
	const takesValue = expected === 'value' || expected === 'value-or-]';
	if (punctuation === undefined) {
		if (takesValue) return 'closed';
		return isString && (expected === 'key' || expected === 'key-or-}') ? 'colon' : undefined;
	}
	if (punctuation === '[' || punctuation === '{') {
		if (!takesValue) return undefined;
		inside.push(punctuation);
		return punctuation === '[' ? 'value-or-]' : 'key-or-}';
	}
	if (punctuation === ':') return expected === 'colon' ? 'value' : undefined;
	if (punctuation === ',') return expected === 'comma-or-end' ? (inside.at(-1) === '[' ? 'value' : 'key') : undefined;
	const begun = punctuation === ']' ? '[' : '{';
	const mayEnd = expected === 'comma-or-end' || expected === (begun === '[' ? 'value-or-]' : 'key-or-}');
	if (!mayEnd || inside.at(-1) !== begun) return undefined;
	inside.pop();
	return 'closed';
}
