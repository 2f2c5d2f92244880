import { PolicyPack } from '@pulumi/policy';
import { allowedByStack } from './allowed.ts';
import { policies } from './policies.ts';

// Being made, it starts the server that Pulumi asks.
new PolicyPack('gatehouse', { enforcementLevel: 'mandatory', policies: policies(allowedByStack()) });
