/** What the host and a sandbox say to each other over their channel. */

/** How a sandbox is told what it is; all it is given besides are the agent's declared settings. */
export type SandboxSpec = {
	/** The function's name, as state machines know it. */
	readonly name: string;
	readonly kind: 'plan' | 'intake' | 'tool' | 'guard' | 'resume';
	readonly agentFolder?: string;
	readonly tool?: string;
	/** Where the ledger lies: for those that may read it, which a tool is not. */
	readonly ledger?: { readonly directory: string; readonly generation: string };
	readonly settings: readonly string[];
	readonly marginMs: number;
};

export type ToSandbox =
	| { is: 'invoke'; id: number; event: unknown; remainingMs: number }
	| { is: 'answer'; id: number; answer: unknown }
	| { is: 'refusal'; id: number; name: string; message: string };

export type FromSandbox =
	| { is: 'ready' }
	| { is: 'result'; id: number; result: unknown }
	| { is: 'error'; id: number; name: string; message: string }
	/** A tool asks its guard, a guard the credential broker. */
	| { is: 'ask'; id: number; question: unknown };
