import type { ExecutionHost } from '../../adapters/alembic/execution-host.ts'
import type { Docker } from '../../adapters/docker/docker.ts'

/** The inside of a container, for a project and an interpreter that exist only there. */
export function createContainerHost(docker: Docker, containerId: string, service: string): ExecutionHost {
  return {
    place: `service ${service}`,
    async hasFile(path, signal) {
      const answer = await docker.runProgram(containerId, ['test', '-f', path], { timeoutMs: 10_000 }, signal)
      return answer.code === 0
    },
    run: (program, args, { folder, timeoutMs }, signal) =>
      docker.runProgram(containerId, [program, ...args], { folder, timeoutMs }, signal),
    start(program, args, { folder }) {
      const { stdin, stdout, stderr, ended, kill } = docker.startProcess(containerId, [program, ...args], {
        folder,
      })
      return { stdin, stdout, stderr, pid: undefined, ended, kill }
    },
  }
}
