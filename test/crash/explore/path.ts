/**
 * A path of an exploration in one line: the scenario's name, then its actions, each with what befell its crossings.
 * `t3.1@6=crash-after` is a task of the second branch of execution 3, whose seventh crossing its process did not survive.
 */
import type { Action } from '../world/choices.ts';
import type { Kind } from '../world/kinds.ts';

export type Move = { readonly action: Action; readonly plan: readonly (readonly [number, Kind])[] };
export type Line = { readonly scenario: string; readonly path: readonly Move[] };

export const written = ({ scenario, path }: Line): string => [`${scenario} |`, ...path.map(moveWritten)].join(' ');

export function read(line: string): Line {
	const [scenario = '', moves = ''] = line.split(' |');
	return { scenario, path: moves.trim().split(/\s+/).filter(Boolean).map(moveRead) };
}

const moveWritten = ({ action, plan }: Move): string =>
	[actionWritten(action), ...plan.map(([index, kind]) => `${index}=${kind}`)].join('@');

function actionWritten(action: Action): string {
	switch (action.is) {
		case 'task':
			return `t${action.address.execution}${action.address.branch === undefined ? '' : `.${action.address.branch}`}`;
		case 'owed':
			return `o${action.index}`;
		case 'arrive':
			return `a${action.index}`;
		case 'wait':
			return 'w';
		case 'round':
			return 'r';
		case 'operate':
			return `p:${encodeURIComponent(action.name)}`;
		case 'sweep':
			return `s:${action.run}:${action.reason}`;
		case 'answer':
			return `q:${action.asked.run}:${action.asked.step}:${action.asked.for}:${action.answer}`;
	}
}

function moveRead(text: string): Move {
	const [action = '', ...plan] = text.split('@');
	return {
		action: actionRead(action),
		plan: plan.map((fault) => {
			const [index, kind] = fault.split('=');
			return [Number(index), kind as Kind] as const;
		}),
	};
}

function actionRead(text: string): Action {
	const [name = '', ...fields] = text.split(':');
	const [first = '', second = '', third = '', fourth = ''] = fields;
	const numbers = name.slice(1).split('.').map(Number);
	switch (name.charAt(0)) {
		case 't':
			return { is: 'task', address: { execution: numbers[0] ?? 0, ...(numbers[1] !== undefined && { branch: numbers[1] }) } };
		case 'o':
			return { is: 'owed', index: numbers[0] ?? 0 };
		case 'a':
			return { is: 'arrive', index: numbers[0] ?? 0 };
		case 'w':
			return { is: 'wait' };
		case 'r':
			return { is: 'round' };
		case 'p':
			return { is: 'operate', name: decodeURIComponent(first) };
		case 's':
			return { is: 'sweep', run: first, reason: second as Extract<Action, { is: 'sweep' }>['reason'] };
		case 'q': {
			const answer = fourth as Extract<Action, { is: 'answer' }>['answer'];
			return { is: 'answer', asked: { run: first, step: Number(second), for: third as 'approval' | 'doubt' }, answer };
		}
		default:
			throw new TypeError(`${text} is no action of a path`);
	}
}
