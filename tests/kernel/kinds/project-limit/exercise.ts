import { defineChecks } from '#kit';

export default defineChecks({
  async limits(kit) {
    const [counter, limiter] = [kit.program('bpf/count.bpf.c'), kit.program('bpf/limit.bpf.c')];
    const limit = kit.random.int(3, 6);
    await limiter.configure({ maps: { hits: await counter.map('hits') } });
    await (await limiter.variable('limit', 'u64')).set(limit);
    const [count, judge] = [await counter.only('xdp'), await limiter.only('xdp')];
    const actions: number[] = [];
    for (let frame = 0; frame < 2 * limit; frame += 1) {
      await count.run({ data: new Uint8Array(60) });
      actions.push((await judge.run({ data: new Uint8Array(60) })).retval);
    }
    const expected = actions.map((_, index) => (index < limit ? 2 : 1));
    kit.expect.equal(actions.join(' '), expected.join(' '), {
      text: 'Other frames are dropped than those beyond the limit.',
    });
  },
});
