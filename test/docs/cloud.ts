import { policies } from '../../infra/policy/policies.ts';

/** docs/cloud.md: what stands on Google Cloud, and the rules that keep it free and closed. */
export function renderCloud(): string {
  const rules = policies().map(
    ({ name, description, remediationSteps }) => `| \`${name}\` | ${description} | ${remediationSteps}. |`,
  );
  return `${[INTRODUCTION, ...rules, '', LAST].join('\n')}\n`;
}

const INTRODUCTION = `<!-- Made from infra/ by \`npm run docs\`. To change it, change test/docs/cloud.ts, or the rules in infra/policy/. -->
# On Google Cloud

\`pulumi up\` makes, in the project of the configuration ([deploy.md](deploy.md) goes through it step by step):

| what | with |
| --- | --- |
| the APIs | stay on when the stack goes |
| a bucket | for releases (\`releases/<id>.tar.gz\`) and backups (\`backups/\`); versioned, old versions go after 30 days, backups after 90; protected. It is made before anything that costs: a name that somebody else has stops \`pulumi up\` there (\`host.bucket\` names another) |
| a network of its own | ports 80 and 443 for the world, 22 from Identity-Aware Proxy, nothing else |
| a service account | may read its own secrets and releases and add backups; on the project it may write logs, and no more |
| secrets | empty; \`gatehouse --prod-set-secret NAME\` fills them, so that no value is ever in Pulumi's state |
| a static address | of the tier \`host.networkTier\` |
| a data disk | pd-standard, protected; snapshots only by \`host.snapshots\` |
| the machine | Debian 13, shielded, OS Login; the release, the bucket and the startup script are values of its metadata, which change in place: neither a release nor a script replaces it |
| an uptime check and an alert | \`/ping\` every 10 minutes from three places; told to \`alerts\`. It is the one thing that notices a machine that is gone |
| a budget | with \`host.budget\` |
| roles for people | with \`host.operators\`: the tunnel, root, the account and the guest attributes of this one machine ([what that is enough for](deploy.md#reaching-the-machine-by-ssh)) |

What \`pulumi stack output\` has: \`url\`, \`address\`, \`ssh\`, \`tunnel\`, \`release\`, \`bucket\`, \`alertsTo\`, \`monthlyCost\` (line by
line; what Google's pages and users' bills disagree on is marked contested).

## The rules

    npx pulumi preview --stack prod --policy-pack infra/policy

refuses what leaves the free tier, opens a door or puts data at risk, and says what to do. A rule is switched off by its name,
with the reason, in the configuration:

    gatehouse:policy:
      allow:
        free-tier-machine: two gateways need 2 GB

A region outside the free tier and more than 30 GB of disks are refused without the policies too.

| rule | what must hold | where it does not |
| --- | --- | --- |`;

const LAST = `## What was tried

Every run of the tests puts these resources through Pulumi's own SDK against a recording provider that checks each input
against @pulumi/gcp's own types and replaces where Google's provider does: first up, no change, changed release and script,
another machine type, a failed check, a bucket name that is taken. With a real \`pulumi\` on the PATH \`npm run test:system\`
drives the real engine through the same, refresh and destroy; no package registry has that engine, so those tests are to be run by
hand before a release, and have not been run yet. Neither talks to Google.`;
