-- On how many earlier dates and months was there heat at the spot of a candidate?
--
-- heat  (cell, lat_e5, lon_e5, minute, day)
-- cover (cell, spot, lat_e5, lon_e5, reach_e5, sin2, first_minute, last_minute)
--        as in near.sql; the last minute lies before what is asked about, by a guard
-- rule  (slack)   as in near.sql
-- calendar (day, month)   months since 1970-01 of days since 1970-01-01
WITH earlier AS (
    SELECT DISTINCT
        cover.spot,
        heat.day
    FROM heat
    INNER JOIN cover ON heat.cell = cover.cell
    CROSS JOIN rule
    WHERE CASE
            WHEN heat.minute BETWEEN cover.first_minute AND cover.last_minute
                AND ABS(heat.lat_e5 - cover.lat_e5) <= cover.reach_e5
                THEN
                    SIN(RADIANS(heat.lat_e5 - cover.lat_e5) / 200000.0)
                    * SIN(RADIANS(heat.lat_e5 - cover.lat_e5) / 200000.0)
                    + COS(RADIANS(heat.lat_e5 / 100000.0)) * COS(RADIANS(cover.lat_e5 / 100000.0))
                    * SIN(RADIANS(heat.lon_e5 - cover.lon_e5) / 200000.0)
                    * SIN(RADIANS(heat.lon_e5 - cover.lon_e5) / 200000.0)
                    - cover.sin2
            ELSE 1.0
        END <= rule.slack
)
SELECT
    earlier.spot,
    COUNT(*) AS n_dates,
    COUNT(DISTINCT calendar.month) AS n_months,
    MAX(earlier.day) - MIN(earlier.day) AS span_d
FROM earlier
INNER JOIN calendar ON calendar.day = earlier.day
GROUP BY earlier.spot
