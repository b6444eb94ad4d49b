import { emptyDirectory } from './sqlite-directory.ts';
import { storeContract } from './store-contract.ts';

storeContract({ name: 'sqlite', open: async () => emptyDirectory().open(), withPayloads: true });
