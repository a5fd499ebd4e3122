-- On how many days of a month was there heat in each cell?
--
-- heat     (cell, day)
-- calendar (day, month)   months since 1970-01 of days since 1970-01-01
--
-- One row for each cell and month with heat.  What many months add up to follows from these rows
-- alone: days add up, months are counted, the first and the last day are the first and the last.
SELECT
    heat.cell,
    CAST(calendar.month AS INTEGER) AS month,
    CAST(COUNT(DISTINCT heat.day) AS INTEGER) AS n_days,
    MIN(heat.day) AS first_day,
    MAX(heat.day) AS last_day
FROM heat
INNER JOIN calendar ON calendar.day = heat.day
GROUP BY heat.cell, calendar.month
ORDER BY heat.cell, month
