/** What befalls single calls, and which calls it may befall. */
import { befall, type Fault, NoAnswer } from '../../../adapters/memory/faults.ts';
import { toolFunction } from '../../../core/ids.ts';
import type { Agent } from '../../../index.ts';
import { Refused } from '../../doubles/functions.ts';
import { crossing, type Mortal } from '../../doubles/mortal.ts';
import type { Befalls } from './turns.ts';

export type Befalling = {
	/** What one port's call meets; asked once for each. */
	fault(): Fault | undefined;
	/** A request between processes, which may go on without its caller, or arrive twice at once. */
	sent<T>(call: () => Promise<T>): Promise<T>;
	/** A call out of an execution. */
	call<T>(at: string, effect: () => Promise<T>): Promise<T>;
};

export function befallingOf(befalls: () => Befalls | undefined): Befalling {
	let doubled: 'left-behind' | 'side-by-side' | undefined;
	const fault: Befalling['fault'] = () => {
		const what = befalls();
		const doubles = what === 'left-behind' || what === 'side-by-side';
		doubled = doubles ? what : undefined;
		return doubles ? undefined : what;
	};
	return {
		fault,
		sent: (call) => {
			const [first, how] = [call(), doubled];
			doubled = undefined;
			if (how === 'side-by-side') call().catch(() => {});
			if (how !== 'left-behind') return first;
			first.catch(() => {});
			return Promise.reject(new NoAnswer('the connection is gone'));
		},
		call: (at, effect) => crossing(() => befall(fault(), { cause: at, effect, refused: (cause) => new Refused(cause) }), at),
	};
}

/** A call that is delivered twice to a sink which knows no keys is done twice; nothing of ours sends one so. */
export function mayBefall(befalls: Befalls, at: string, { process, agent }: { process: Mortal; agent: Agent }): boolean {
	if (process.name.startsWith('desk/') || process.name === 'echo') return false;
	if (befalls === 'left-behind' || befalls === 'side-by-side') return at === 'invoke' || at === 'guard.ask';
	if (at !== 'sink.act' || (befalls !== 'retried' && befalls !== 'twice')) return true;
	const tool = [...agent.tools.values()].find(({ name }) => toolFunction(agent.name, name) === process.name);
	return tool?.effect === 'replay' || tool?.effect === 'read' || tool?.effect === 'transaction';
}
