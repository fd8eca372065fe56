/** Half of the reference of `poolScaling`: a process of its own that seals on one thread, when told to and as much as told. */
import { makeFiles } from '../../models/sealing/make-files.ts';
import { openFontBook } from '../../signing/index.ts';
import { openSigningMaterial } from './signing-material.ts';

process.setSourceMapsEnabled(false);
const fonts = openFontBook('assets/fonts');
const material = await openSigningMaterial(fonts, process.pid);

process.on('message', (count: number) => {
  void (async () => {
    for (let i = 0; i < count; i += 1) await makeFiles(material.nextTask(), fonts);
    process.send?.('done');
  })();
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
