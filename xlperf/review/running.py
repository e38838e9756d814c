"""Tasks -> results: in processes of this machine, or on a Dask cluster. One that dies costs a row, never the run."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from typing import Any, NamedTuple

from xlperf.errors import XlperfError
from xlperf.review.gather import Bundle
from xlperf.review.order import Order
from xlperf.review.task import review_bundle

Result = dict[str, Any]
Done = tuple[Bundle, Result]
_AHEAD = 3  # tasks waiting for each process, so that none is idle
_MEMORY = 2 << 30  # bytes that a process may ask for; what is read of one file needs less than half of it
_SECONDS = 600  # a file that takes longer is given up
_RECYCLED = 400  # tasks of a process before it makes way for a new one
_KILLED = {
    signal.SIGKILL: "进程被系统终止，多半是内存不够",
    signal.SIGSEGV: "进程异常中止（段错误）",
    signal.SIGABRT: "进程异常中止",
    getattr(signal, "SIGBUS", signal.SIGSEGV): "进程异常中止（总线错误）",
}
_ABORTED = "{}：审核它的时候{}，没有审核。请打开它另存一次再审核；还是这样的，请把文件交给维护者。"
_TOO_LONG = "用时超过 {} 分钟，中止了"
_FAILED = "出了内部错误（{}）"
_UNKNOWN = "进程异常中止（退出码 {}）"
_TOGETHER = "几份文件放在一起审核时进程中止"
_NO_DASK = "没有装 Dask。请运行 pip install 'xlperf[dask]'，或去掉 --scheduler 在这台电脑上审核。"
_NO_SCHEDULER = "连不上 Dask 调度器 {}（{}）。请检查地址和网络；已审核的都在审核记录里，用 --resume 接着做。"


Work = Callable[[Bundle, Order], Result]


class Limits(NamedTuple):
    """What a process may take: bytes of memory, seconds for one task, tasks before a new one takes its place.

    `work`: what it does; any function of a module.
    """

    memory: int = _MEMORY
    seconds: int = _SECONDS
    tasks: int = _RECYCLED
    work: Work = review_bundle


USUAL = Limits()


def cores() -> int:
    """How many processes this one may keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_here(tasks: Iterable[Bundle], order: Order, jobs: int, limits: Limits = USUAL) -> Iterator[Done]:
    """The results of `tasks` as they come, by `jobs` processes; few tasks are in memory at a time."""
    context = _context()
    waiting = iter(tasks)
    is_more = True
    while is_more:
        suspects: list[Bundle] = []
        pool = ProcessPoolExecutor(jobs, context, _begin, (limits,))
        try:
            is_more = yield from _pooled(pool, waiting, order, (jobs, limits), suspects)
        finally:
            pool.shutdown(cancel_futures=True)
        # Nobody knows which of them broke the pool: each gets a process of its own.
        for bundle in suspects:
            yield bundle, settled(bundle, lambda each: _alone(each, order, limits))


def _pooled(
    pool: ProcessPoolExecutor,
    waiting: Iterator[Bundle],
    order: Order,
    size: tuple[int, Limits],
    suspects: list[Bundle],
) -> Any:  # a generator of Done that answers whether there may be more
    """Keep the pool busy until its processes have done their share, the tasks end, or it breaks."""
    jobs, limits = size
    pending: dict[Future[Result], Bundle] = {}
    share = limits.tasks * jobs
    is_more = True
    while True:
        while is_more and share and len(pending) < jobs * (_AHEAD + 1):
            bundle = next(waiting, None)
            if bundle is None:
                is_more = False
                break
            share -= 1
            try:
                pending[pool.submit(timed, bundle, order, limits)] = bundle
            except BrokenProcessPool:
                suspects.append(bundle)
                share = 0
        if not pending:
            return is_more
        for future in wait(pending, return_when=FIRST_COMPLETED).done:
            bundle = pending.pop(future)
            try:
                result = future.result()
            except Exception as error:  # the pool's, or of what could not even be sent
                suspects.append(bundle)
                share = 0 if isinstance(error, BrokenProcessPool) else share
                continue
            yield bundle, result


def settled(bundle: Bundle, attempt: Callable[[Bundle], Result | str]) -> Result:
    """The result of a bundle that may abort its process; `attempt` answers why it has none.

    The files that do so alone get a row with the reason; the others are audited without them.
    """
    result = attempt(bundle)
    if not isinstance(result, str):
        return result
    if len(bundle.files) == 1:
        return _failed(bundle, result)
    sound, failed = [], []
    for each in bundle.files:
        alone = bundle._replace(files=(each,))
        found = attempt(alone)
        if isinstance(found, str):
            failed += _failed(alone, found)["files"]
        else:
            sound.append(each)
    whole = bundle._replace(files=tuple(sound))
    rest = attempt(whole) if failed and sound else _TOGETHER
    told = _failed(whole, rest) if isinstance(rest, str) else rest
    return {"files": [*told["files"], *failed], "units": told["units"]}


def _failed(bundle: Bundle, reason: str) -> Result:
    told = ((each, _ABORTED.format(each.name, reason)) for each in bundle.files)
    files = [{"shown": each.shown, "label": each.name, "size": each.size, "digest": "", "error": s} for each, s in told]
    return {"files": files, "units": []}


def _context() -> Any:
    """Processes that begin with nothing of this one's; where it can be they are forked from one that has all loaded."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["xlperf.review.loaded"])
    return context


def _begin(limits: Limits) -> None:
    """A new process: it leaves Ctrl-C to its parent, ends when that is gone, and may ask for so much memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_AS)
        wanted = limits.memory if most == resource.RLIM_INFINITY else min(limits.memory, most)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def timed(bundle: Bundle, order: Order, limits: Limits) -> Result:
    """The result of a task; a process that it keeps too long ends, whatever it is in the middle of."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        faulthandler.dump_traceback_later(limits.seconds, exit=True, file=nowhere)
        try:
            return limits.work(bundle, order)
        finally:
            faulthandler.cancel_dump_traceback_later()


def _alone(bundle: Bundle, order: Order, limits: Limits) -> Result | str:
    """The result of a task in a process of its own, or why it has none."""
    context = _context()
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, bundle, order, limits))
    process.start()
    theirs.close()
    try:
        result: Result | str = ours.recv()
        return result
    except EOFError:
        process.join()
        code = process.exitcode or 0
        if code > 0:
            return _TOO_LONG.format(f"{limits.seconds / 60:.3g}") if code == 1 else _UNKNOWN.format(code)
        return _KILLED.get(signal.Signals(-code), _UNKNOWN.format(code)) if code else _UNKNOWN.format(code)
    finally:
        ours.close()
        process.join()


def _answer(answers: Connection, bundle: Bundle, order: Order, limits: Limits) -> None:
    _begin(limits)
    try:
        answers.send(timed(bundle, order, limits))
    except Exception as error:
        answers.send(_FAILED.format(type(error).__name__))


def run_on_cluster(
    tasks: Iterable[Bundle], order: Order, address: str, work: Work = review_bundle, *, patience: float = 20
) -> Iterator[Done]:
    """The same on the workers of a Dask scheduler, which see the files and the folder of letters at the same paths.

    Dask gives what a lost worker was doing to another one. Raises `XlperfError` where there is no scheduler.
    """
    try:
        import distributed
    except ImportError as error:
        raise XlperfError(_NO_DASK) from error
    try:
        with distributed.Client(address, timeout=patience) as client:  # type: ignore[no-untyped-call]
            waiting = iter(tasks)
            ahead = max(sum(client.nthreads().values()), 1) * (_AHEAD + 1)
            pending: dict[str, Bundle] = {}

            def submitted() -> Iterator[Any]:
                while len(pending) < ahead and (bundle := next(waiting, None)) is not None:
                    future = client.submit(work, bundle, order, pure=False)
                    pending[future.key] = bundle
                    yield future

            arriving = distributed.as_completed(list(submitted()))  # type: ignore[no-untyped-call]
            for future in arriving:
                bundle = pending.pop(future.key)
                yield bundle, _of_cluster(client, future, bundle, order, work)
                for another in submitted():
                    arriving.add(another)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError) as error:
        raise XlperfError(_NO_SCHEDULER.format(address, error)) from error


def _of_cluster(client: Any, future: Any, bundle: Bundle, order: Order, work: Work) -> Result:
    """The result of a task; of one that took several workers with it what is left of it without the file to blame."""
    from distributed import KilledWorker

    def attempt(each: Bundle) -> Result | str:
        own = future if each is bundle else client.submit(work, each, order, pure=False)
        try:
            result: Result = own.result()
            return result
        except KilledWorker:
            return "几台机器上的进程都中止了"

    return settled(bundle, attempt)
