"""Campaigns: damaged and hostile inputs by the thousand, run apart from the tests, with a fixed seed.

    python -m tests.campaign documents|workbooks|processes|functions [--seed N] [--count N] [--only INDEX] [--jobs N]

documents   damaged .docx, .xlsx, .xls and .txt through the readers; some imported, compared with a workbook, or marked
workbooks   damaged workbooks through every command that takes one
processes   hostile files by kind, then damaged ones, through commands in processes of their own
functions   random arguments to every PERF_ function, as each host hands them in

Each must end in a result or in one sentence with exit code 2 and nothing written, within ten seconds of the processor
and a gibibyte. What is written is opened by openpyxl and calamine, a draw of it by LibreOffice: a file that one of
them cannot open, and of which it could open the damaged original, is a failure. So is whatever was made anew and one
cannot open.

The table counts how things ended, with the most processor time and memory that one took. Failures are listed with
the number of their case: `--only` runs that one again, with every line said. Exit 1 if there are any. The damage
depends on kind of campaign, seed and number alone.

`inputs` what is damaged · `damage elements cells texts bombs` how · `running` measured workers · `opened` what other
programs say · `tests/test_campaign.py` a draw of each campaign, for every day.
"""
