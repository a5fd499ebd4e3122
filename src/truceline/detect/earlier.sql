-- On how many earlier dates and months was there heat at the spot of a candidate?
--
-- heat  (id, cell, lat_e5, lon_e5, day, month)   month = months since 1970-01
-- spot  (id, lat_e5, lon_e5, before_day)         only heat of days before this one counts
-- cover (cell, spot)                             all cells that a spot's circle may touch
-- rule  (sin2)                                   one row: the radius of a spot, as in near.sql
WITH earlier AS (
    SELECT
        spot.id,
        heat.day,
        heat.month,
        POWER(SIN(RADIANS(heat.lat_e5 - spot.lat_e5) / 200000.0), 2)
        + COS(RADIANS(heat.lat_e5 / 100000.0)) * COS(RADIANS(spot.lat_e5 / 100000.0))
        * POWER(SIN(RADIANS(heat.lon_e5 - spot.lon_e5) / 200000.0), 2) AS sin2
    FROM cover
    INNER JOIN spot ON spot.id = cover.spot
    INNER JOIN heat ON heat.cell = cover.cell
    WHERE heat.day < spot.before_day
)
SELECT
    earlier.id,
    COUNT(DISTINCT earlier.day) AS n_dates,
    COUNT(DISTINCT earlier.month) AS n_months,
    MAX(earlier.day) - MIN(earlier.day) AS span_d
FROM earlier
CROSS JOIN rule
WHERE earlier.sin2 <= rule.sin2
GROUP BY earlier.id
ORDER BY earlier.id
