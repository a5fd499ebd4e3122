-- On how many earlier dates and months was there heat at the spot of a candidate?
--
-- near  (site, day)   answer of near.sql: its sites are the spots of candidates, and their last minute
--        lies before what is asked about, by a guard
-- calendar (day, month)   months since 1970-01 of days since 1970-01-01
WITH earlier AS (
    SELECT DISTINCT
        site AS spot,
        day
    FROM near
)
SELECT
    earlier.spot,
    COUNT(*) AS n_dates,
    COUNT(DISTINCT calendar.month) AS n_months,
    MAX(earlier.day) - MIN(earlier.day) AS span_d
FROM earlier
INNER JOIN calendar ON calendar.day = earlier.day
GROUP BY earlier.spot
