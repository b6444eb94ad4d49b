import { storeContract } from '../contract/store-contract.ts';
import { localStore } from './local-store.ts';

storeContract({ name: 'dynamodb', open: localStore, withPayloads: false });
