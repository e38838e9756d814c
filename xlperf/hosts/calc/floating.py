"""The list that floats beside the document: the items of 审核结果, and of the one in view what is wrong and to do.

The document stays as it is to be worked in: the window takes no focus of its own, and follows 下一处 and 上一处.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import unohelper
from com.sun.star.awt import XActionListener, XItemListener, XKeyListener, XTopWindowListener
from com.sun.star.frame import XFrameActionListener

from xlperf.errors import XlperfError
from xlperf.hosts.calc import walking
from xlperf.hosts.calc.highlights import service
from xlperf.hosts.calc.walking import Walk
from xlperf.package import Ref
from xlperf.workbook.result_rows import EXPLANATION, RESULTS
from xlperf.workbook.walk import Step, Stop, told

TITLE = "绩效自评：逐处查看"
_WIDTH, _HEIGHT = 230, 190  # in units of the dialog's font, as all below
_LEFT, _BUTTON = 4, 52
_ESCAPE, _RETURN, _F3 = 1281, 1280, 770  # com.sun.star.awt.Key
_SHIFT_AND_CONTROL = 3  # com.sun.star.awt.KeyModifier
_POSITION = 3  # com.sun.star.awt.PosSize.POS
_RIGHT, _BOTTOM, _TOP = 60, 90, 180  # pixels that stay free around it in the document's window
_FRAME = 40  # pixels by which a window is elsewhere once it has its frame
_SETTLES = 1.0  # seconds in which a window system does with a new window what it does
_open: dict[str, Floating] = {}  # by document


def show(model: Any, walk: Walk) -> None:
    """Show where a step led, in the document's window that floats already or in a new one."""
    known = _open.get(model.RuntimeUID)
    if known is None:
        known = _open[model.RuntimeUID] = Floating(model)
    known.show(walk)


def close(model: Any) -> None:
    """Take the window away, whose list is old."""
    known = _open.get(model.RuntimeUID)
    if known is not None:
        known.close()


class Floating(unohelper.Base, XActionListener, XItemListener, XKeyListener, XTopWindowListener, XFrameActionListener):  # type: ignore[misc]
    """One for each document that is walked through."""

    def __init__(self, model: Any) -> None:
        self._model, self._identifier = model, model.RuntimeUID
        self._frame = model.CurrentController.Frame
        self._walk: Walk | None = None
        self._settling = False
        self._shown_at = -math.inf
        self._placed: tuple[int, int] | None = None
        self._dialog = _dialog(self._frame.ContainerWindow)
        self._buttons: dict[str, Callable[[], None]] = {
            "previous": lambda: self._step(back=True),
            "next": lambda: self._step(back=False),
            "explain": self._explain,
            "close": self.close,
        }
        for name in ("list", "text", *self._buttons):
            control = self._dialog.getControl(name)
            control.addKeyListener(self)
            if name in self._buttons:
                control.setActionCommand(name)
                control.addActionListener(self)
        self._dialog.getControl("list").addItemListener(self)
        self._dialog.addTopWindowListener(self)
        self._frame.addFrameActionListener(self)

    def show(self, walk: Walk) -> None:
        items, text = self._dialog.getControl("list"), self._dialog.getControl("text")
        lines = tuple(stop.line for stop in walk.stops)
        self._settling = True
        try:
            if items.getItems() != lines:
                items.Model.StringItemList = lines
            items.selectItemPos(walk.step.place, True)
            items.makeVisible(walk.step.place)
        finally:
            self._settling = False
        self._walk = walk
        text.setText(told(walk.stops, walk.step))
        stop = walk.stops[walk.step.place]
        self._make_way(stop.sheet, stop.ref)
        if not self._dialog.isVisible():
            self._shown_at = time.monotonic()
            self._dialog.setVisible(True)
            self._to_document()

    def _make_way(self, sheet: str, ref: Ref) -> None:
        """Not over the cell, but where the user has put it."""
        own, around = self._dialog.getPosSize(), self._frame.ContainerWindow.getPosSize()
        if self._placed is not None and math.dist(self._placed, (own.X, own.Y)) > _FRAME:
            return
        cell = walking.in_window(self._model, sheet, ref)
        right, bottom = around.Width - own.Width - _RIGHT, around.Height - own.Height - _BOTTOM
        corners = [(right, bottom), (right, _TOP), (_RIGHT, bottom), (_RIGHT, _TOP)]
        free = [corner for corner in corners if not cell.meets(corner, own.Width, own.Height)]
        left, top = free[0] if free else corners[0]
        self._placed = max(left, 0), max(top, 0)
        self._dialog.setPosSize(*self._placed, 0, 0, _POSITION)

    def close(self) -> None:
        if _open.pop(self._identifier, None) is None:
            return
        self._frame.removeFrameActionListener(self)
        self._dialog.dispose()

    def _step(self, *, back: bool) -> None:
        self._tried(lambda: self.show(walking.walk(self._model, back=back)))

    def _go(self, place: int) -> None:
        if self._walk is not None and 0 <= place < len(self._walk.stops):
            stops = self._walk.stops
            self._tried(lambda: self._went(stops, place))

    def _went(self, stops: list[Stop], place: int) -> None:
        self.show(walking.go(self._model, stops, Step(place, "")))

    def _explain(self) -> None:
        if self._walk is not None:
            stop = self._walk.stops[self._walk.step.place]
            self._tried(lambda: self._write_beside(stop))

    def _write_beside(self, stop: Stop) -> None:
        place = walking.place_beside(self._model, stop, RESULTS.titles[EXPLANATION])
        walking.select(self._model, *place)
        self._make_way(*place)
        self._to_document()

    def _tried(self, work: Callable[[], None]) -> None:
        """What cannot be done is said in the window."""
        try:
            work()
        except XlperfError as error:
            self._dialog.getControl("text").setText(str(error))

    def _to_document(self) -> None:
        self._frame.ContainerWindow.toFront()
        self._frame.ComponentWindow.setFocus()

    # What happens to the window

    def actionPerformed(self, event: Any) -> None:
        self._buttons[event.ActionCommand]()

    def itemStateChanged(self, event: Any) -> None:
        if not self._settling:
            self._go(event.Selected)

    def keyPressed(self, event: Any) -> None:
        if event.KeyCode == _ESCAPE:
            self.close()
        elif event.KeyCode == _F3:
            self._step(back=event.Modifiers == _SHIFT_AND_CONTROL)
        elif event.KeyCode == _RETURN and event.Source == self._dialog.getControl("list"):
            self._to_document()

    def keyReleased(self, event: Any) -> None:
        pass

    def windowClosing(self, event: Any) -> None:
        self.close()

    def windowOpened(self, event: Any) -> None:
        pass

    windowClosed = windowMinimized = windowNormalized = windowDeactivated = windowOpened

    def windowActivated(self, event: Any) -> None:
        """Some window systems give a new window the keys; who types means the cell."""
        if time.monotonic() - self._shown_at < _SETTLES:
            self._shown_at = -math.inf
            self._to_document()

    def frameAction(self, event: Any) -> None:
        """The document leaves its window: this one would hang on to what is gone."""
        if event.Action.value == "COMPONENT_DETACHING":
            self.close()

    def disposing(self, event: Any) -> None:
        _open.pop(self._identifier, None)


def _dialog(parent: Any) -> Any:
    """The window, not shown yet."""
    model = service("com.sun.star.awt.UnoControlDialogModel")
    _set(model, Title=TITLE, Width=_WIDTH, Height=_HEIGHT, Moveable=True, Closeable=True)
    inner = _WIDTH - 2 * _LEFT
    _add(model, "ListBox", "list", (_LEFT, 4, inner, 66), MultiSelection=False)
    _add(model, "Edit", "text", (_LEFT, 74, inner, 94), MultiLine=True, ReadOnly=True, VScroll=True)
    labels = {"previous": "上一处(~P)", "next": "下一处(~N)", "explain": "写审核说明(~W)", "close": "关闭(~C)"}
    for number, (name, label) in enumerate(labels.items()):
        place = (_LEFT + number * (_BUTTON + 4), 172, _BUTTON, 14)
        _add(model, "Button", name, place, Label=label)
    dialog = service("com.sun.star.awt.UnoControlDialog")
    dialog.setModel(model)
    dialog.setVisible(False)
    dialog.createPeer(service("com.sun.star.awt.Toolkit"), parent)
    return dialog


def _add(model: Any, kind: str, name: str, place: tuple[int, int, int, int], **values: Any) -> None:
    control = model.createInstance(f"com.sun.star.awt.UnoControl{kind}Model")
    left, top, width, height = place
    _set(control, Name=name, PositionX=left, PositionY=top, Width=width, Height=height, **values)
    model.insertByName(name, control)


def _set(model: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(model, name, value)
