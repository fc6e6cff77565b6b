import { count, defineChecks, describeChange, evidence, frameRounds, type Kit, type Passage, quote } from '#kit';
import { commands, drawFrames, program as file, sendThroughCommands, sendThroughProgram } from './workload.ts';

const byProgram = evidence(sendThroughProgram);
const byCommands = evidence(sendThroughCommands);
const returned = frameRounds(['drops-tcp', 'passes-others'], {
  hook: 'tc',
  program: (kit) => kit.program(file).only('sched_cls'),
  frames: drawFrames,
  says: { TC_ACT_SHOT: 'A TCP packet is not dropped as it must be', TC_ACT_OK: 'A packet is not let through' },
});

export default defineChecks({
  async licensed(kit) {
    const { license } = await kit.program(file).load();
    kit.expect(license !== '', {
      text: `${file} names no license.`,
      expected: 'A license in the section "license".',
      actual: 'No such section, or nothing in it.',
    });
  },

  async attaches(kit) {
    await kit.program(file).only('sched_cls');
    const { result, filters, elsewhere } = await byCommands(kit);
    kit.expect(result.code === 0, {
      text: `tc refuses your commands in ${commands}.`,
      expected: 'tc carries out every line.',
      actual: result.stderr.trim().slice(0, 1000) || 'tc failed, and said nothing.',
      help: 'refused',
      wholeLog: result.stderr,
    });
    const foreign = filters.kinds.filter((kind) => kind !== 'bpf');
    kit.expect(foreign.length === 0, {
      text: 'Your commands attach a filter that is not your program.',
      expected: 'Filters of the kind bpf only: what is dropped is for your program to say.',
      actual: `One of the kind ${quote(foreign[0] ?? '', 70)}.`,
      help: 'other-filter',
    });
    kit.expect(elsewhere === '', {
      text: 'Your commands attach a filter to another device as well.',
      expected: 'A filter at eth0 alone.',
      actual: `One at lo: ${quote(elsewhere)}.`,
      help: 'other-filter',
    });
    kit.expect(filters.programs.length > 0, {
      text: `Your commands do not attach the program of ${file}.`,
      expected: 'A filter at eth0 that runs it.',
      actual: filters.kinds.length ? 'A filter that runs something else.' : 'No filter at eth0.',
      help: 'other-filter',
    });
  },

  async 'drops-tcp'(kit, check) {
    expectNoTcp(kit, (await byProgram(kit)).tcp);
    await returned['drops-tcp'](kit, check);
  },

  async 'passes-others'(kit, check) {
    expectOthers(kit, (await byProgram(kit)).others);
    await returned['passes-others'](kit, check);
  },

  async obeyed(kit) {
    const { crossing, filters, asked } = await byCommands(kit);
    if (!crossing) throw new Error('The check attaches has seen the commands fail.');
    expectNoTcp(kit, crossing.tcp);
    expectOthers(kit, crossing.others);
    const kept = crossing.leaving.filter(({ intact, before }) => intact !== before);
    kit.expect(kept.length === 0, {
      text: `What the machine itself sends does not leave as before: ${kept[0]?.frame.what}${kept[0]?.intact ? `, of which ${count(kept[0].intact, 'copy', 'copies')} left` : ''}.`,
      expected: `All of ${count(crossing.leaving.length, 'packet')} that it sends, as they were.`,
      actual: `${crossing.leaving.length - kept.length} of them.`,
      help: 'leaving',
    });
    const runs = Math.max(...filters.programs.map((program) => program.runs));
    kit.expect(runs >= asked, {
      text: 'Your program is attached, but is not asked about every packet.',
      expected: `At least one run for each of ${count(asked, 'TCP packet')}.`,
      actual: `${count(runs, 'run')}.`,
      help: 'let-through',
    });
  },
});

function expectNoTcp({ expect }: Kit, tcp: Passage[]): void {
  const through = tcp.filter(({ intact, altered }) => intact + altered.length > 0);
  const changed = through.find(({ altered }) => altered.length > 0);
  const how = changed ? ` One was changed on its way: ${describeChange(changed.frame, changed.altered[0]!)}.` : '';
  expect(through.length === 0, {
    text: `TCP still arrives behind your program: ${through[0]?.frame.what}.`,
    expected: `None of ${count(tcp.length, 'TCP packet')}.`,
    actual: `${through.length} of them.${how}`,
    help: changed ? 'changed' : 'let-through',
  });
}

function expectOthers({ expect }: Kit, others: Passage[]): void {
  const changed = others.find(({ altered }) => altered.length > 0);
  expect(!changed, {
    text: `The program changes a packet that it lets through: ${changed?.frame.what}.`,
    expected: 'The same bytes as were sent.',
    actual: changed ? `${describeChange(changed.frame, changed.altered[0]!)}.` : '',
    help: 'changed',
  });
  const lost = others.filter(({ intact }) => intact === 0);
  expect(lost.length === 0, {
    text: `The program keeps away what is not TCP: ${lost[0]?.frame.what}.`,
    expected: `All of ${count(others.length, 'other packet')}, as without your program.`,
    actual: `${others.length - lost.length} of them.`,
    help: 'lost',
  });
}
