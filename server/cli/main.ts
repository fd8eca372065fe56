/** The command line's first room: which verb is asked for. */

const usage = `zhengku (证库): an electronic licence repository

  zhengku <verb> [options]
  zhengku --help
`;

/** Run one command.
 * @param argv what follows the program's name
 * @returns the exit status: 0 done, 2 usage */
export function main(argv: string[]): Promise<number> {
  const [verb] = argv;
  if (verb === '--help' || verb === '-h' || verb === 'help') {
    process.stdout.write(usage);
    return Promise.resolve(0);
  }
  process.stderr.write(verb === undefined ? usage : `zhengku: unknown verb “${verb}”\n\n${usage}`);
  return Promise.resolve(2);
}
