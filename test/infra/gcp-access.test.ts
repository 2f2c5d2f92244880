import type { asset } from '@pulumi/pulumi';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Made } from '../support/pulumi/mocks.ts';
import { gcpConfig, madeOf } from './gcp-stacks.ts';

const PLAIN = gcpConfig();
const HOST = 'serviceAccount:gate-host@test.iam.gserviceaccount.com';

describe('what a host may read and write', () => {
  let stack: Made;
  beforeAll(async () => {
    stack = await madeOf(PLAIN);
  });

  test('the account is its own, and may write logs', () => {
    expect(stack.one('gcp:serviceaccount/account:Account')).toEqual({
      accountId: 'gate-host',
      displayName: 'Machine of the Gatehouse stack gate',
    });
    expect(stack.one('gcp:projects/iAMMember:IAMMember')).toEqual({
      project: 'acme-trading',
      role: 'roles/logging.logWriter',
      member: HOST,
    });
  });

  test('secrets are empty, in the region, and each is readable by the machine', () => {
    expect(stack.one('gcp:secretmanager/secret:Secret', 'gate-tws-password')).toEqual({
      secretId: 'gate-tws-password',
      replication: { userManaged: { replicas: [{ location: 'us-central1' }] } },
    });
    expect(stack.one('gcp:secretmanager/secretIamMember:SecretIamMember', 'gate-tws-password')).toEqual({
      secretId: 'gate-tws-password-id',
      role: 'roles/secretmanager.secretAccessor',
      member: HOST,
    });
  });

  test('the bucket keeps old versions for a while, and nobody can make it public', () => {
    expect(stack.one('gcp:storage/bucket:Bucket')).toEqual({
      name: 'acme-trading-gate',
      location: 'US-CENTRAL1',
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: true,
      versioning: { enabled: true },
      softDeletePolicy: { retentionDurationSeconds: 0 },
      lifecycleRules: [
        { action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: 30 } },
        { action: { type: 'Delete' }, condition: { age: 90, matchesPrefixes: ['backups/'] } },
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 1 } },
      ],
    });
  });

  test('the machine reads releases and adds backups, and no more', () => {
    const grants = stack.all.filter(({ type }) => type === 'gcp:storage/bucketIAMMember:BucketIAMMember');
    const below = (folder: string) => ({
      title: `${folder} only`,
      expression: `resource.name.startsWith("projects/_/buckets/acme-trading-gate/objects/${folder}/")`,
    });
    const bucket = 'acme-trading-gate';
    expect(grants.map(({ inputs }) => inputs)).toEqual([
      { bucket, role: 'roles/storage.objectViewer', member: HOST, condition: below('releases') },
      { bucket, role: 'roles/storage.objectCreator', member: HOST, condition: below('backups') },
    ]);
  });

  test('the release is an object under its id', async () => {
    const object = stack.one('gcp:storage/bucketObject:BucketObject');
    expect(object).toMatchObject({
      bucket: 'acme-trading-gate',
      name: 'releases/r-0123456789abcdef.tar.gz',
      contentType: 'application/gzip',
    });
    const source = object.source as asset.FileAsset;
    expect(await source.path).toBe('/out/r-0123456789abcdef.tar.gz');
  });
});
