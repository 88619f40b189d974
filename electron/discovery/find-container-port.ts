import type { ComposeService } from '../compose/nodes/compose-project.ts'
import { readCommand } from './read-command.ts'

const defaultPort = 5432

/** The port that a service's server listens at inside its container. */
export function findContainerPort(service: ComposeService): number {
  const { PGPORT, POSTGRESQL_PORT_NUMBER } = service.environment
  return (
    findArgument(readCommand(service).serverArguments) ??
    readPort(POSTGRESQL_PORT_NUMBER) ??
    readPort(PGPORT) ??
    defaultPort
  )
}

/** As the server reads them: the last one counts. */
function findArgument(words: readonly string[]): number | null {
  let port: number | null = null
  words.forEach((word, index) => {
    const before = words[index - 1]
    const text =
      before === '-p' || ((before === '-c' || before === '--port') && /^(port=)?\d+$/.test(word))
        ? word.replace(/^port=/, '')
        : /^(?:-p|-cport=|--port=)(\d+)$/.exec(word)?.[1]
    port = readPort(text) ?? port
  })
  return port
}

function readPort(text: string | null | undefined): number | null {
  if (!text || !/^\d{1,5}$/.test(text)) return null
  const port = Number(text)
  return port > 0 && port < 65_536 ? port : null
}
