import { memoryStore } from '../../adapters/memory/store.ts';
import { generation } from './open-store.ts';
import { storeContract } from './store-contract.ts';

storeContract({ name: 'memory', open: async () => memoryStore({ generation }), withPayloads: true });
