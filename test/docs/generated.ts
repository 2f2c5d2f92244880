import { configurationDocument } from '../../compose/config/document.ts';
import { renderBridge } from './bridge.ts';
import { renderCloud } from './cloud.ts';
import { renderCodes } from './codes.ts';
import { renderFaults } from './faults.ts';
import { renderGatewaySettings } from './gateway-settings.ts';
import { renderOperations } from './operations.ts';
import { renderSimulator } from './simulator.ts';

/** The pages of docs/ that are made from code, and how. `npm run docs` writes them; a test holds them to it. */
export const generated: ReadonlyArray<{ readonly file: string; readonly render: () => string }> = [
  { file: 'docs/tws-codes.md', render: renderCodes },
  { file: 'docs/bridge.md', render: renderBridge },
  { file: 'docs/operations.md', render: renderOperations },
  { file: 'docs/simulator.md', render: renderSimulator },
  { file: 'docs/faults.md', render: renderFaults },
  { file: 'docs/cloud.md', render: renderCloud },
  { file: 'docs/configuration.md', render: configurationDocument },
  { file: 'docs/gateway-settings.md', render: renderGatewaySettings },
];
