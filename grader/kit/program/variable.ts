/** A global variable of an object: `const volatile` before it is loaded, any other at run time too. */
import { quote } from '../checks/expect.ts';
import { CheckFailure } from '../../verdict/failure.ts';
import { hex, type Loader } from '../guest/loader.ts';
import { byBtf } from '../maps/btf.ts';
import { type Codec, fromBytes, type Read, type Shape, toBytes, type Written } from '../maps/shape.ts';

export class Variable<S> {
  readonly #loader: Loader;
  readonly #name: string;
  readonly #place: [map: string, offset: string];
  readonly #codec: Codec;

  constructor(loader: Loader, name: string, map: string, offset: number, codec: Codec) {
    this.#loader = loader;
    this.#name = name;
    this.#place = [map, String(offset)];
    this.#codec = codec;
  }

  /** Its value now, as the program sees it. */
  async get(): Promise<Read<S>> {
    const reply = await this.#loader.ask('read', ...this.#place, String(this.#codec.size));
    if (!reply.ok) throw new Error(`The variable ${this.#name} cannot be read: ${reply.message}`);
    return fromBytes(this.#codec, reply.bytes) as Read<S>;
  }

  /** Throws once the program is loaded, if it is const: the kernel has frozen it. */
  async set(value: Written<S>): Promise<void> {
    const reply = await this.#loader.ask('write', ...this.#place, hex(toBytes(this.#codec, value)));
    if (!reply.ok) throw new Error(`The variable ${this.#name} cannot be set: ${reply.message}`);
  }
}

/** CheckFailure if the object has none of this name, or of another type. */
export async function findVariable<S extends Shape>(
  loader: Loader,
  file: string,
  name: string,
  shape: S,
): Promise<Variable<S>> {
  const reply = await loader.ask('variables');
  if (!reply.ok) throw new Error(`The variables of ${file} are not known: ${reply.message}`);
  const variables = reply.sections.flatMap(({ map, type }) =>
    'members' in type ? type.members.map((member) => ({ ...member, map })) : [],
  );
  const found = variables.find((variable) => variable.name === name);
  if (!found)
    throw new CheckFailure({
      text: `${file} has no global variable ${name}.`,
      expected: `A variable ${name}, outside of all functions and not static.`,
      actual: variables.length
        ? `Variables: ${variables.map((variable) => quote(variable.name, 64).slice(1, -1)).join(', ')}.`.slice(0, 1000)
        : 'No variables at all.',
      help: 'What the program never uses, the compiler leaves out; what loaders are to set must be volatile.',
    });
  return new Variable(loader, name, found.map, found.offset, byBtf(shape, found.type, `The variable ${name}`));
}
