"""Detectors that misbehave, each in one way; tests run them by path."""

import ctypes
import mmap
import os
import subprocess
import sys
import threading
import time

import numpy as np


class Good:
    """Distance from the training mean."""

    def fit(self, X):
        self.mean = X.mean(axis=0)
        return self

    def decision_function(self, X):
        return np.abs(X - self.mean).sum(axis=1)


class WrongLength(Good):
    def decision_function(self, X):
        return super().decision_function(X)[:-3]


class NaNs(Good):
    def decision_function(self, X):
        scores = super().decision_function(X)
        scores[5] = np.nan
        return scores


class OneValue(Good):
    def decision_function(self, X):
        return np.full(len(X), 0.5)


class Scalar(Good):
    def decision_function(self, X):
        return 0.5


class Words(Good):
    def decision_function(self, X):
        return ["high"] * len(X)


class Raises(Good):
    def fit(self, X):
        raise ArithmeticError("the matrix is <b>singular</b>\nsecond line")


class NotNovel(Good):
    """What a first user of scikit-learn's LOF runs into; the advice is in the cause."""

    def decision_function(self, X):
        from sklearn.neighbors import LocalOutlierFactor

        return LocalOutlierFactor().fit(X).decision_function(X)


class Unshown(Exception):
    def __str__(self):
        raise RuntimeError("no text for you")


class Unshowable(Good):
    def fit(self, X):
        raise Unshown


class Hangs(Good):
    def fit(self, X):
        while True:
            time.sleep(1)


class HangsHard(Good):
    """Ignores every signal that can be ignored, and never lets go of the interpreter."""

    def fit(self, X):
        import signal

        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            pass


class Allocates(Good):
    def fit(self, X):
        self.kept = []
        while True:
            self.kept.append(np.ones(2**21))


class AllocatesShared(Good):
    """Takes memory that it could share with others."""

    def fit(self, X):
        self.kept = []
        while True:
            self.kept.append(mmap.mmap(-1, 50_000_000))
            self.kept[-1].write(bytes(50_000_000))
            time.sleep(0.05)


class ChildAllocates(Good):
    """The process itself stays small; what it starts does not."""

    def fit(self, X):
        code = (
            "import numpy, time\nk = []\nwhile True: k.append(numpy.ones(2**20)); time.sleep(.002)"
        )
        subprocess.run([sys.executable, "-c", code], check=False)
        return super().fit(X)


class MemoryErrors(Good):
    def fit(self, X):
        raise MemoryError("no more")


class Exits(Good):
    def fit(self, X):
        os._exit(3)


class SysExits(Good):
    def fit(self, X):
        sys.exit("bye")


class Segfaults(Good):
    def fit(self, X):
        ctypes.string_at(0)


class Forks(Good):
    """Both sides of the fork go on as if they were the trial."""

    def fit(self, X):
        os.fork()
        return super().fit(X)


class Daemonises(Good):
    """Leaves a process that has detached itself in every way there is."""

    def fit(self, X):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 256)
                time.sleep(600)
            os._exit(0)
        os.wait()
        return super().fit(X)


class ThreadHangs(Good):
    """Leaves a thread that keeps the process from ending by itself."""

    def fit(self, X):
        threading.Thread(target=time.sleep, args=(600,)).start()
        return super().fit(X)


class ChangesInput(Good):
    def decision_function(self, X):
        scores = super().decision_function(X)
        X[:] = 0
        return scores


class Spies(Good):
    """Fails if anything that holds labels is open or mapped in this process, or its ancestors'."""

    def fit(self, X):
        with open("/proc/self/maps") as maps:
            mapped = maps.read()
        descriptors = [f"/proc/self/fd/{n}" for n in os.listdir("/proc/self/fd")]
        held = [os.readlink(d) for d in descriptors if os.path.exists(d)]
        if "labels" in mapped or any("labels" in name for name in held):
            raise RuntimeError("there are labels here")
        if "train.npy" not in mapped:
            raise RuntimeError("this test does not see what it looks for")
        return super().fit(X)


class Cores(Good):
    """Says on which processors, and with how many threads, it ran."""

    def fit(self, X):
        import threadpoolctl

        threads = sorted({p["num_threads"] for p in threadpoolctl.threadpool_info()})
        print("cores", sorted(os.sched_getaffinity(0)), "threads", threads)
        time.sleep(0.3)
        return super().fit(X)


class WantsDevice(Good):
    def __init__(self, device="nowhere"):
        self.device = device

    def fit(self, X):
        print("device", self.device)
        return super().fit(X)


class Noisy(Good):
    """Draws from every generator there is and trusts the harness to have seeded them."""

    def decision_function(self, X):
        import random

        return super().decision_function(X) + np.random.rand(len(X)) + random.random()


class Sleeps(Good):
    def __init__(self, seconds=0.2, number=0):
        self.seconds, self.number = seconds, number

    def fit(self, X):
        time.sleep(self.seconds)
        return super().fit(X)


class OnlyImages(Good):
    modalities = ("image-sequence",)


class Inverted(Good):
    def decision_function(self, X):
        return -super().decision_function(X)


class NoScores:
    def fit(self, X):
        return self


class KeepsBooks(Good):
    """Has everything that the harness takes along."""

    def fit(self, X):
        self.history_ = {"loss": [np.float32(3), 2, 1.5]}
        self.threshold_ = np.float64(7)
        return super().fit(X)


class KeepsNonsense(Good):
    def fit(self, X):
        self.history_ = {"loss": ["high", "low"]}
        self.threshold_ = float("inf")
        return super().fit(X)


class ClosesEverything(Good):
    """Does what code that makes a daemon of itself does, and leaves a process behind."""

    def fit(self, X):
        subprocess.Popen(["sleep", "600"], start_new_session=True)
        os.closerange(3, 256)
        return super().fit(X)


class ManyThreads(Good):
    """Reports progress from eight threads at once."""

    def fit(self, X):
        from benchkit import progress

        def work(name):
            for _ in progress(range(200), name * 50):
                pass

        threads = [threading.Thread(target=work, args=(n,)) for n in "abcdefgh"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return super().fit(X)


class DiesOfARareSignal(Good):
    def fit(self, X):
        os.kill(os.getpid(), 40)
        time.sleep(60)
