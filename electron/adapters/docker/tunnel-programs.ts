/**
 * Programs that join their input and output to a port inside a container. They keep four promises:
 *
 * - Standard error says when the connection stands, before which nothing was lost.
 * - The server's end is the program's end, at once.
 * - The end of the input is passed on where the program can do that, and ends the connection after a short while:
 *   a client that was killed looks the same as one that has said everything.
 * - No child outlives the program. A database that is process 1 of its container inherits orphans,
 *   and PostgreSQL takes one that dies by a signal for a crashed backend of its own: it would restart.
 *   Hence programs that need no children come first.
 */

/** What the program of a tunnel has said so far on its standard error. */
export type TunnelReport = 'connected' | 'cut' | 'no program' | 'refused' | 'unreachable' | 'nothing known'

/** The names of the programs that can carry a tunnel, the best first. */
export const tunnelProgramNames = ['perl', 'python3', 'bash', 'socat', 'nc'] as const

const connectedMark = 'lockstep-tunnel: connected'
const cutMark = 'lockstep-tunnel: cut'
const noProgramMark = 'lockstep-tunnel: no program'

/** The commands to try in turn where the one before is not in the container. */
export function listTunnelCommands(host: string, port: number): readonly (readonly string[])[] {
  const place = [host, String(port)]
  const name = 'lockstep-tunnel'
  return [
    ['sh', '-c', shell, name, ...place, perl, python, bash],
    ['bash', '-c', bash, name, ...place],
    ['python3', '-I', '-S', '-c', python, ...place],
    ['perl', '-e', perl, ...place],
  ]
}

/** Reads what the program of a tunnel has said on its standard error. */
export function readTunnelReport(said: string): TunnelReport {
  if (said.includes(cutMark)) return 'cut'
  if (said.includes(noProgramMark)) return 'no program'
  if (isConnected.test(said)) return 'connected'
  if (/refused/i.test(said)) return 'refused'
  if (/unreachable|cannot assign|not supported by protocol/i.test(said)) return 'unreachable'
  return 'nothing known'
}

/** Ours, socat's, and what the kinds of nc say. */
const isConnected =
  /lockstep-tunnel: connected|starting data transfer loop|\] succeeded!|^Ncat: Connected|^\S.* open$/m

const perl = `# lockstep-tunnel
use Socket; use Fcntl;
my ($host, $port) = @ARGV;
my $v6 = $host =~ /:/;
my $to = $v6 ? Socket::pack_sockaddr_in6($port, Socket::inet_pton(Socket::AF_INET6(), $host))
  : pack_sockaddr_in($port, inet_aton($host));
unless (socket(S, $v6 ? Socket::AF_INET6() : AF_INET, SOCK_STREAM, 0) && connect(S, $to)) {
  print STDERR "$!\\n"; exit 1;
}
$SIG{PIPE} = 'IGNORE';
setsockopt(S, 6, 1, pack('i', 1));
fcntl($_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK) for (\\*S, \\*STDOUT);
syswrite(STDERR, "${connectedMark}\\n");
my ($up, $down, $in_end, $net_end, $shut, $until) = ('', '', 0, 0, 0, 0);
my $net = fileno(S);
sub broken { !($!{EAGAIN} || $!{EINTR}) }
until ($net_end && $down eq '') {
  if ($in_end && !$shut && $up eq '') { shutdown(S, 1); $shut = 1 }
  my ($r, $w) = ('', '');
  vec($r, 0, 1) = 1 if !$in_end && length($up) < 65536;
  vec($r, $net, 1) = 1 if !$net_end && length($down) < 65536;
  vec($w, $net, 1) = 1 if length $up;
  vec($w, 1, 1) = 1 if length $down;
  my $found = select($r, $w, undef, $in_end ? 0.25 : undef);
  if ($in_end && time >= $until) { syswrite(STDERR, "${cutMark}\\n"); exit 3 }
  next if $found <= 0;
  if (vec($r, 0, 1)) {
    my $n = sysread(STDIN, $up, 65536, length $up);
    if (defined $n ? $n == 0 : broken()) { $in_end = 1; $until = time + 2 }
  }
  if (vec($r, $net, 1)) {
    my $n = sysread(S, $down, 65536, length $down);
    $net_end = 1 if defined $n ? $n == 0 : broken();
  }
  if (vec($w, $net, 1)) {
    my $n = syswrite(S, $up);
    if (defined $n) { substr($up, 0, $n) = '' } elsif (broken()) { $up = ''; $net_end = 1 }
  }
  if (vec($w, 1, 1)) {
    my $n = syswrite(STDOUT, $down);
    if (defined $n) { substr($down, 0, $n) = '' } elsif (broken()) { exit 1 }
  }
}
`

const python = `# lockstep-tunnel
import os, select, socket, sys, time
try:
    net = socket.create_connection((sys.argv[1], int(sys.argv[2])))
except OSError as error:
    sys.stderr.write('%s\\n' % (error.strerror or error))
    sys.exit(1)
net.setsockopt(6, 1, 1)
net.setblocking(False)
os.set_blocking(1, False)
os.write(2, b'${connectedMark}\\n')
up = down = b''
in_end = net_end = shut = False
until = 0
while not (net_end and not down):
    if in_end and not shut and not up:
        shut = True
        try:
            net.shutdown(socket.SHUT_WR)
        except OSError:
            pass
    r = ([0] if not in_end and len(up) < 65536 else []) + ([net] if not net_end and len(down) < 65536 else [])
    w = ([net] if up else []) + ([1] if down else [])
    r, w, _ = select.select(r, w, [], 0.25 if in_end else None)
    if in_end and time.monotonic() > until:
        os.write(2, b'${cutMark}\\n')
        os._exit(3)
    if 0 in r:
        part = os.read(0, 65536)
        up += part
        if not part:
            in_end = True
            until = time.monotonic() + 2
    if net in r:
        try:
            part = net.recv(65536)
            down += part
            net_end = not part
        except BlockingIOError:
            pass
        except OSError:
            net_end = True
    if net in w:
        try:
            up = up[net.send(up):]
        except BlockingIOError:
            pass
        except OSError:
            up = b''
            net_end = True
    if 1 in w:
        try:
            down = down[os.write(1, down):]
        except BlockingIOError:
            pass
        except OSError:
            os._exit(1)
`

// Bash cannot pass the end of the input on: it waits a second for the server to end by itself.
// `wait -n` is there since 4.3. SIGPIPE is ignored so that, whatever happens, no child dies by a signal of its own.
const bash = `# lockstep-tunnel
trap '' PIPE
trap : TERM HUP INT
exec 3<>"/dev/tcp/$1/$2" || exit 1
echo '${connectedMark}' >&2
exec 4<&0
cat <&3 4<&- & reader=$!
cat <&4 >&3 & writer=$!
exec 3>&- 4<&- 0</dev/null
kill -0 "$reader" 2>/dev/null && kill -0 "$writer" 2>/dev/null && wait -n
if kill -0 "$writer" 2>/dev/null; then
  kill "$writer"
else
  left=20
  while kill -0 "$reader" 2>/dev/null && [ $((left -= 1)) -gt 0 ]; do sleep 0.05 2>/dev/null || sleep 1; done
  kill "$reader" 2>/dev/null && echo '${cutMark}' >&2
fi
wait 2>/dev/null
exit 0
`

// socat and nc stay until the server has said everything, however long that is: they come last.
// Some kinds of nc cannot say that they are connected: for those, a listening port has to do.
// OpenBSD's does not end when the server does, so that the loss of a session would go unnoticed: it is passed over.
const shell = `# lockstep-tunnel
help=
has() { command -v "$1" >/dev/null 2>&1; }
if has perl && perl -MSocket -MFcntl -MErrno -e 1 >/dev/null 2>&1; then exec perl -e "$3" "$1" "$2"; fi
if has python3; then exec python3 -I -S -c "$4" "$1" "$2"; fi
if has bash && has cat && has sleep && bash -c '((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 403))' 2>/dev/null
then exec bash -c "$5" lockstep-tunnel "$1" "$2"; fi
if has socat; then
  case $1 in *:*) to="TCP6:[$1]:$2" ;; *) to="TCP4:$1:$2" ;; esac
  exec socat -d -d -b 65536 -t 1 - "$to,nodelay"
fi
nc=
if has nc; then nc=nc; help=$(nc -h 2>&1 </dev/null); fi
case $help in *OpenBSD*) nc= ;; esac
if [ -z "$nc" ] && has busybox && busybox nc --help >/dev/null 2>&1; then nc='busybox nc' help=; fi
if [ "$nc" ]; then
  host=$1 port=$2; shift 2
  case $help in *-q*sec*) set -- -q 1 ;; esac
  case $help in *-v*) exec $nc -n -v "$@" "$host" "$port" ;; esac
  table=/proc/net/tcp
  case $host in *:*) table=/proc/net/tcp6 ;; esac
  place=$(printf %04X "$port")
  listens=
  while read -r _ local _ state _; do
    case "$local $state" in *":$place 0A") listens=1 ;; esac
  done <$table
  if [ "$listens" ]; then echo '${connectedMark}' >&2; exec $nc "$host" "$port"; fi
  echo 'Connection refused' >&2
  exit 1
fi
echo '${noProgramMark}' >&2
exit 127
`
