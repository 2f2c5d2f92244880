// What `pulumi preview --policy-pack infra/policy` loads. Pulumi requires it, so nothing here or below may await at
// the top level.
import { PolicyPack } from '@pulumi/policy';
import { allowedByStack } from './allowed.ts';
import { policies } from './policies.ts';

new PolicyPack('gatehouse', { enforcementLevel: 'mandatory', policies: policies(allowedByStack()) });
