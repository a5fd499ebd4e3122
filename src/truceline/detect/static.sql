-- Which cells held a source that is always there, as far as earlier months tell?
--
-- history (cell, month, n_days, first_day, last_day)   from history.sql, all months there are
-- rule    (first_month, last_month, min_dates, min_months, min_span_d)   one row
--
-- For each cell with heat in the months asked for: its heat up to the month before the one
-- before.  The month between is the guard: what burns for weeks is not its own background.
WITH asked AS (
    SELECT DISTINCT history.cell
    FROM history
    CROSS JOIN rule
    WHERE history.month BETWEEN rule.first_month AND rule.last_month
),

known AS (
    SELECT
        history.cell,
        history.month,
        SUM(history.n_days) OVER earlier AS n_dates,
        COUNT(*) OVER earlier AS n_months,
        MAX(history.last_day) OVER earlier - MIN(history.first_day) OVER earlier AS span_d
    FROM history
    INNER JOIN asked ON asked.cell = history.cell
    WINDOW earlier AS (
        PARTITION BY history.cell
        ORDER BY history.month
        RANGE BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING
    )
)

SELECT
    known.cell,
    known.month,
    CAST(COALESCE(known.n_dates, 0) AS INTEGER) AS n_dates,
    CAST(known.n_months AS INTEGER) AS n_months,
    CAST(COALESCE(known.span_d, 0) AS INTEGER) AS span_d,
    CAST(CASE
        WHEN known.n_dates >= rule.min_dates
            AND known.n_months >= rule.min_months
            AND known.span_d >= rule.min_span_d THEN 1
        ELSE 0
    END AS SMALLINT) AS static
FROM known
CROSS JOIN rule
WHERE known.month BETWEEN rule.first_month AND rule.last_month
ORDER BY known.month, known.cell
