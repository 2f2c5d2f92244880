import { expect, it } from 'vitest';
import { configurationDocument } from '../../compose/config/document.ts';

it('docs/configuration.md says what the schema says', async () => {
  await expect(configurationDocument()).toMatchFileSnapshot('../../docs/configuration.md');
});
