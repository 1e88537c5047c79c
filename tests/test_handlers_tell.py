"""Words to a person, unasked, on the far side of a real socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.slack import DIRECT, YOU, app_for, far_side, said
from tests.stocked import desk_at


async def test_words_arrive_in_direct_messages(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = desk_at(tmp_path)
    try:
        async with far_side() as workspace:
            app = app_for(workspace, desk)
            await app.deliver(YOU, "The feed Example <News> has failed since 24 March 2026.")
            await app.deliver("U0NOBODY", "Words to nobody.")
            (message,) = said(workspace, DIRECT)
            assert (
                message["text"] == "The feed Example &lt;News&gt; has failed since 24 March 2026."
            )
            await app.stop()
    finally:
        desk.close()
    assert "U0NOBODY of DRAGOMAN_ADMINS cannot be told (channel_not_found)" in caplog.text
