/** Malformed JSON is pointed at: line and column of the first character that no JSON text could have there. */
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { parseJson } from '../../cli/json-text.ts';

const isJson = (text: string): boolean => {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
};

test.each([
	['', 'line 1, column 1: it is not JSON at the end'],
	['{"a": 1,}', 'line 1, column 9: it is not JSON at "}"'],
	['{"a" 1}', 'line 1, column 6: it is not JSON at "1"'],
	['[1 2]', 'line 1, column 4: it is not JSON at "2"'],
	['{\n\t"a": tru\n}', 'line 2, column 7: it is not JSON at "t"'],
	['{} {}', 'line 1, column 4: it is not JSON at "{"'],
	['["\ud83d\ude00", 😀]', 'line 1, column 8: it is not JSON at "😀"'],
	['"a\nb"', 'line 1, column 1: it is not JSON at "\\""'],
	['{a: 1}', 'line 1, column 2: it is not JSON at "a"'],
	['[01]', 'line 1, column 2: it is not JSON at "0"'],
	["{'a': 1}", 'line 1, column 2: it is not JSON at "\'"'],
])('%j', (text, why) => {
	expect(parseJson(text)).toEqual({ why });
});

const jsonish = fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', 'null', ' ', '\n', '"', '\\', 'é'), {
	maxLength: 12,
});

property.prop([jsonish.map((parts) => parts.join(''))])(
	'it errs where JSON.parse errs, and what stands before the place is no fault',
	(text) => {
		const parsed = parseJson(text);
		expect('value' in parsed).toBe(isJson(text));
		if ('value' in parsed) return;
		const [, line = '1', column = '1'] = /^line (\d+), column (\d+)/.exec(parsed.why) ?? [];
		const at =
			text
				.split('\n')
				.slice(0, Number(line) - 1)
				.join('\n').length +
			(line === '1' ? 0 : 1) +
			Number(column) -
			1;
		// Some ending makes JSON of what stands before it.
		const before = text.slice(0, at);
		const endings = ['', '1', '"a":1', ':1', '0'].flatMap((end) => [...closings(3)].map((close) => before + end + close));
		expect(endings.some(isJson), JSON.stringify({ text, before })).toBe(true);
	},
);

/** Every way to close up to `depth` brackets, and an object's value before them. */
function* closings(depth: number): Generator<string> {
	yield '';
	if (depth === 0) return;
	for (const rest of closings(depth - 1)) for (const bracket of [']', '}']) yield bracket + rest;
}

property.prop([fc.jsonValue()])('any JSON value is read as JSON.parse reads it', (value) => {
	const text = JSON.stringify(value, null, 1);
	expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
});
