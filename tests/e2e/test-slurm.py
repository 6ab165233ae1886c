#!/usr/bin/env python3
"""A search on a cluster of one node: Slurm is started from a folder of its own, on free ports.

Without slurm-wlm and munge there is nothing to test; the program itself does not need them.
"""
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.join(os.environ["KW_BUILD_ROOT"], "src", "app", "kurswart")
TOOLS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo")
SEARCH = ("optimize", "--strategy", "mine strategy.lua", "--data", "demo", "--json")
SEARCH_PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
PATIENCE_S = 60
CONF = """ClusterName=kurswart
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,batch_sched_delay=0
MpiDefault=none
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=test Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
CASES = []


def expect(is_true, text):
    if not is_true:
        raise AssertionError(text)


def wait_for(is_there, what):
    for _ in range(PATIENCE_S * 10):
        if is_there():
            return
        time.sleep(0.1)
    raise AssertionError(f"no {what} within {PATIENCE_S} s")


def free_ports(number):
    sockets = [socket.socket() for _ in range(number)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Cluster:
    """munged, slurmctld and slurmd, and a folder to search in"""

    def __init__(self, folder):
        self.folder = folder
        self.host = socket.gethostname().split(".")[0]
        self.daemons = []
        self.env = {"HOME": folder, "PATH": SEARCH_PATH, "LC_ALL": "C", "TZ": "UTC",
                    "SLURM_CONF": os.path.join(folder, "slurm.conf")}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def start(self):
        for name in ("munge", "state", "spool", "place"):
            os.makedirs(os.path.join(self.folder, name), mode=0o700)
        munge = os.path.join(self.folder, "munge")
        os.chmod(self.folder, 0o755)
        os.chmod(munge, 0o755)
        with open(os.path.join(munge, "key"), "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(os.urandom(128))
        with open(self.env["SLURM_CONF"], "w", encoding="utf-8") as file:
            file.write(CONF.format(folder=self.folder, host=self.host, ports=free_ports(2),
                                   user=pwd.getpwuid(os.getuid()).pw_name))
        self.spawn("munged", "--foreground", "--force", f"--key-file={munge}/key",
                   f"--socket={munge}/socket", f"--pid-file={munge}/pid",
                   f"--log-file={munge}/log", f"--seed-file={munge}/seed")
        wait_for(lambda: os.path.exists(f"{munge}/socket"), "socket of munged")
        self.spawn("slurmctld", "-D")
        self.spawn("slurmd", "-D", "-N", self.host)
        wait_for(lambda: "idle" in self.ask("sinfo", "--noheader", "--format=%T"), "idle node")

    def spawn(self, name, *words):
        with open(os.path.join(self.folder, name + ".log"), "wb") as log:
            self.daemons.append(subprocess.Popen([shutil.which(name, path=SEARCH_PATH), *words],
                                                 env=self.env, stdout=log, stderr=log))

    def stop(self):
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()

    def ask(self, *words):
        return subprocess.run(words, env=self.env, capture_output=True, text=True, timeout=60,
                              check=False).stdout

    def place(self, *names):
        return os.path.join(self.folder, "place", *names)

    def begin(self, *words):
        return subprocess.Popen([PROGRAM, *SEARCH, *words], env=self.env, cwd=self.place(),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, encoding="utf-8")

    def run(self, *words):
        child = self.begin(*words)
        out, told = child.communicate(timeout=PATIENCE_S * 2)
        expect(child.returncode == 0, f"{words} ended with {child.returncode}: {told}")
        return out

    def write_strategy(self, period):
        with open(self.place("mine strategy.lua"), "w", encoding="utf-8") as file:
            file.write("return { name = 'mine', timeframe = '1h', startup_candles = 60,\n"
                       "  stoploss = -0.2,\n"
                       f"  params = {{ fast = {{ default = {period}, min = 2, max = 20 }},\n"
                       "    slow = { default = 30, min = 21, max = 50 } },\n"
                       "  entry = function(c, i, p) return crossed_above(sma(c.close, p.fast),"
                       " sma(c.close, p.slow)) end,\n"
                       "  exit = function(c, i, p) return crossed_below(sma(c.close, p.fast),"
                       " sma(c.close, p.slow)) end }\n")

    def jobs(self):
        """Tasks that wait or run"""
        return self.ask("squeue", "--noheader", "--array", "--format=%i %T").split("\n")[:-1]


def case(function):
    CASES.append(function)
    return function


def read_until(child, part):
    """Lines of stderr up to one that has the part"""
    told = []
    for line in child.stderr:
        told.append(line)
        if part in line:
            return "".join(told)
    raise AssertionError(f"{part!r} never came; status {child.wait()}: {''.join(told)}")


@case
def same_as_local(cluster):
    local = cluster.run("--trials", "40", "--workers", "1")
    for workers in ("1", "2", "5"):  # five do not fit on the node: three wait, none is missed
        found = cluster.run("--trials", "40", "--workers", workers, "--engine", "slurm")
        expect(found == local, f"{workers} tasks found:\n{found}\nand not:\n{local}")
    expect(os.listdir(cluster.place()) == ["mine strategy.lua"], "files were left behind")
    wait_for(lambda: cluster.jobs() == [], "empty queue")


@case
def file_goes_on(cluster):
    local = cluster.run("--trials", "40", "--workers", "2")
    cluster.run("--trials", "20", "--file", "t.jsonl", "--workers", "2", "--engine", "slurm")
    found = cluster.run("--trials", "40", "--file", "t.jsonl", "--workers", "2", "--engine",
                        "slurm")
    os.unlink(cluster.place("t.jsonl"))
    expect(found == local, f"in two parts:\n{found}\nand not:\n{local}")


@case
def stopped_by_hand(cluster):
    child = cluster.begin("--trials", "200000", "--workers", "2", "--engine", "slurm")
    read_until(child, "Slurm-Auftrag")
    wait_for(lambda: any("RUNNING" in job for job in cluster.jobs()), "running task")
    child.send_signal(signal.SIGINT)
    told = child.communicate(timeout=PATIENCE_S)[1]
    expect(child.returncode == 130, f"ended with {child.returncode}: {told}")
    expect("abgebrochen" in told, told)
    wait_for(lambda: cluster.jobs() == [], "empty queue")
    expect(os.listdir(cluster.place()) == ["mine strategy.lua"], "files were left behind")


@case
def killed(cluster):
    child = cluster.begin("--trials", "200000", "--workers", "2", "--engine", "slurm")
    read_until(child, "Slurm-Auftrag")
    wait_for(lambda: any("RUNNING" in job for job in cluster.jobs()), "running task")
    child.kill()
    child.communicate()
    left = [name for name in os.listdir(cluster.place()) if name.startswith("kurswart-slurm-")]
    expect(len(left) == 1, f"{left} is left")
    os.mkdir(cluster.place("kurswart-slurm-strange"))  # has no lock: not ours to remove
    os.symlink(cluster.place(left[0]), cluster.place("kurswart-slurm-link"))
    child = cluster.begin("--trials", "20", "--workers", "1", "--engine", "slurm")
    told = child.communicate(timeout=PATIENCE_S)[1]
    expect(child.returncode == 0 and left[0] in told, f"{child.returncode}: {told}")
    expect(sorted(os.listdir(cluster.place())) == ["kurswart-slurm-link", "kurswart-slurm-strange",
                                                   "mine strategy.lua"],
           f"left: {os.listdir(cluster.place())}")
    wait_for(lambda: cluster.jobs() == [], "empty queue")
    os.rmdir(cluster.place("kurswart-slurm-strange"))
    os.unlink(cluster.place("kurswart-slurm-link"))


@case
def failed_task(cluster):
    cluster.ask("scontrol", "update", f"nodename={cluster.host}", "state=drain", "reason=test")
    child = cluster.begin("--trials", "40", "--workers", "1", "--engine", "slurm")
    read_until(child, "Warteschlange")
    cluster.write_strategy(6)  # the task will find another strategy than the search
    cluster.ask("scontrol", "update", f"nodename={cluster.host}", "state=resume")
    told = child.communicate(timeout=PATIENCE_S)[1]
    expect(child.returncode == 71, f"ended with {child.returncode}: {told}")
    expect("FAILED" in told and "wo die Suche gestartet wurde" in told, told)
    kept = [name for name in os.listdir(cluster.place()) if name.startswith("kurswart-slurm-")]
    expect(len(kept) == 1 and os.path.exists(cluster.place(kept[0], "task-0.log")),
           f"no log was kept: {kept}")
    shutil.rmtree(cluster.place(kept[0]))
    cluster.write_strategy(5)


@case
def without_slurm(cluster):
    cluster.env["PATH"] = cluster.place()
    child = cluster.begin("--engine", "slurm")
    told = child.communicate(timeout=PATIENCE_S)[1]
    cluster.env["PATH"] = SEARCH_PATH
    expect(child.returncode == 69, f"ended with {child.returncode}: {told}")
    expect("sbatch" in told and "--engine local" in told, told)


def run_cases(cluster):
    n_failed = 0
    cluster.write_strategy(5)
    for number, function in enumerate(CASES, 1):
        try:
            function(cluster)
            print(f"ok {number} {function.__name__}", flush=True)
        except Exception as error:  # whatever a case trips over is its failure
            n_failed += 1
            print("\n".join("# " + line for line in str(error).splitlines()))
            print(f"not ok {number} {function.__name__}", flush=True)
    return n_failed


def main():
    missing = [name for name in TOOLS if shutil.which(name, path=SEARCH_PATH) is None]
    if missing:
        print(f"1..0 # SKIP slurm-wlm and munge are not installed ({', '.join(missing)})")
        return 0
    print(f"1..{len(CASES)}")
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(folder)
        try:
            cluster.start()
            return 1 if run_cases(cluster) else 0
        finally:
            cluster.stop()


sys.exit(main())
