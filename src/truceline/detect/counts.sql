-- How much heat was there in each block, on each day, by class, and was the day held?
--
-- heat     (cell, lat_e5, lon_e5, day, satellite, frp_kw)
-- mask     (cell, static)            cells of a source that is always there, of the same month
-- sensor   (satellite, sensor)       number of the sensor of each satellite
-- exposure (sensor, day, held)       1: the record of that day is whole; 0, or no row: unknown
--
-- block: row * 10000 + column of the grid of 0.1 degrees from the south pole and the
-- antimeridian.  class: sensor * 2, and 1 more where the source is always there.  A block and day
-- without a row had no heat if the day is held, and is unknown otherwise.
SELECT
    CAST(FLOOR((heat.lat_e5 + 9000000) / 10000.0) * 10000
    + MOD(FLOOR((heat.lon_e5 + 18000000) / 10000.0), 3600) AS INTEGER) AS block,
    heat.day,
    CAST(sensor.sensor * 2 + COALESCE(mask.static, 0) AS INTEGER) AS class,
    CAST(COUNT(*) AS INTEGER) AS n,
    CAST(SUM(CASE WHEN heat.frp_kw < 0 THEN 0 ELSE heat.frp_kw END) AS BIGINT) AS frp_kw,
    CAST(COALESCE(MAX(exposure.held), 0) AS INTEGER) AS held
FROM heat
INNER JOIN sensor ON sensor.satellite = heat.satellite
LEFT JOIN mask ON mask.cell = heat.cell
LEFT JOIN exposure ON exposure.sensor = sensor.sensor AND exposure.day = heat.day
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3
