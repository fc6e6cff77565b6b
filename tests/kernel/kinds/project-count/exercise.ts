import { defineChecks } from '#kit';

export default defineChecks({
  async counts(kit) {
    const program = kit.program('bpf/count.bpf.c');
    const frames = kit.random.several(3, 9, () => new Uint8Array(60));
    await (await program.only('xdp')).runEach(frames);
    const hits = (await program.map('hits')).typed({ key: 'u32', value: 'u64' });
    kit.expect.equal((await hits.get(0))!, BigInt(frames.length), { text: 'The count is another one.' });
  },
});
