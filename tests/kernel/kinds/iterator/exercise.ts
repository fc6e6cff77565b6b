import { defineChecks } from '#kit';

export default defineChecks({
  async lists(kit) {
    const program = kit.program('list.bpf.c');
    const map = await program.map('hits');
    const rows = kit.random.several(6, 12, () => [kit.random.int(1, 1_000_000), kit.random.int(0, 20)] as const);
    const hits = map.typed({ key: 'u32', value: 'u64' });
    for (const [key, count] of rows) await hits.set(key, count);
    await hits.set(0, 5); // one that is not busy, whatever was drawn
    const link = await (await program.named('list')).attachTo({ iterator: { map } });
    const lines = (await link.read()).split('\n').filter(Boolean).sort();
    const expected = [...new Map(rows)].filter(([, count]) => count > 10).map(([key, count]) => `${key} ${count}`);
    kit.expect.equal(lines.join('; '), expected.sort().join('; '), { text: 'The list is another one.' });
  },
});
