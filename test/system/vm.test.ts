import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { readConfig } from '../../compose/config.ts';
import { buildRelease, type Release } from '../../compose/release.ts';
import { ensureDockerEngine } from './parts/docker-engine.ts';
import { until } from './parts/until.ts';
import { usePart } from './parts/use-part.ts';
import { TOKEN } from './parts/vm/google.ts';
import { type CloudHost, cloudConfig, lendImages, pdStandard, startCloudHost } from './support/cloud-host.ts';
import { ask } from './support/https.ts';
import { holdMemory, memoryOn } from './support/memory.ts';

