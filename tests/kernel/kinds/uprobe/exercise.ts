import { buildTarget, defineChecks } from '#kit';

const source = `
#include <stdlib.h>
int weigh(int grams, int pieces) { return grams * pieces; }
int main(int count, char **words)
{
	int all = 0;
	for (int i = 1; i < count; i++)
		all += weigh(atoi(words[i]), i);
	return all < 0;
}`;

export default defineChecks({
  async sums(kit) {
    const target = await buildTarget(kit, kit.random.name(), source);
    const program = kit.program('sum.bpf.c');
    await (await program.named('sum')).attachTo({ uprobe: target.path, symbol: 'weigh' });
    const grams = kit.random.several(3, 6, () => kit.random.int(10, 1000));
    await kit.machine.run([target.path, ...grams.map(String)]);
    const total = await (await program.variable('total', 'u64')).get();
    kit.expect.equal(total, BigInt(grams.reduce((all, one) => all + one, 0)), { text: 'The sum is another one.' });
  },
});
