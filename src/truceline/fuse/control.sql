-- Which points lie inside the area of their day?  1 inside or on its border, 0 outside, -1 unknown.
--
-- spot         (id, lat_e5, lon_e5, day)   positions in 1e-5 degrees, days since 1970-01-01
-- control_day  (day, layer)                days with an area; equal areas share a layer
-- control_grid (south_e5, north_e5, west_e5, east_e5, cell_e5, n_rows, n_columns, band_e5, n_bands)
--                                          one row: square cells around all areas, sides a power
--                                          of two; bands of latitude from the same south
-- control_cell (cell, state)               1 inside as a whole, 2 touched by an edge; else outside
--                                          cell = (layer * n_rows + row) * n_columns + column
-- control_edge (band, lat_e5, lon_e5, upper_lat_e5, upper_lon_e5)   lower end first, by band
--                                          band = layer * n_bands + band of latitude
--
-- One row for each point, in any order.  Cells and bands only make it fast.  In cells that edges
-- touch, the edges east of a point are counted: their number is odd where it is inside.  Sides of
-- edges are told by products of whole numbers below 2^53, so nothing is rounded; dividing by a
-- power of two does not round either.
WITH placed AS (
    SELECT
        spot.id,
        spot.lat_e5,
        spot.lon_e5,
        control_day.layer,
        CASE
            WHEN spot.lat_e5 BETWEEN control_grid.south_e5 AND control_grid.north_e5
                AND spot.lon_e5 BETWEEN control_grid.west_e5 AND control_grid.east_e5
                THEN (
                    control_day.layer * control_grid.n_rows
                    + CAST(FLOOR(
                        CAST(spot.lat_e5 - control_grid.south_e5 AS DOUBLE) / control_grid.cell_e5
                    ) AS BIGINT)
                ) * control_grid.n_columns
                + CAST(FLOOR(
                    CAST(spot.lon_e5 - control_grid.west_e5 AS DOUBLE) / control_grid.cell_e5
                ) AS BIGINT)
        END AS cell
    FROM spot
    CROSS JOIN control_grid
    LEFT JOIN control_day ON control_day.day = spot.day
),

known AS (
    SELECT
        placed.id,
        placed.lat_e5,
        placed.lon_e5,
        placed.layer,
        CASE WHEN placed.layer IS NULL THEN -1 ELSE COALESCE(control_cell.state, 0) END AS state
    FROM placed
    LEFT JOIN control_cell ON control_cell.cell = placed.cell
),

doubtful AS (
    SELECT
        known.id,
        known.lat_e5,
        known.lon_e5,
        known.layer * control_grid.n_bands
        + CAST(FLOOR(
            CAST(known.lat_e5 - control_grid.south_e5 AS DOUBLE) / control_grid.band_e5
        ) AS BIGINT) AS band
    FROM known
    CROSS JOIN control_grid
    WHERE known.state = 2
),

met AS (
    SELECT
        doubtful.id,
        edge.lat_e5 <= doubtful.lat_e5 AND doubtful.lat_e5 < edge.upper_lat_e5 AS crossable,
        doubtful.lat_e5 BETWEEN edge.lat_e5 AND edge.upper_lat_e5
        AND doubtful.lon_e5 BETWEEN LEAST(edge.lon_e5, edge.upper_lon_e5)
        AND GREATEST(edge.lon_e5, edge.upper_lon_e5) AS in_box,
        CAST(edge.upper_lon_e5 - edge.lon_e5 AS BIGINT) * (doubtful.lat_e5 - edge.lat_e5)
        - CAST(edge.upper_lat_e5 - edge.lat_e5 AS BIGINT) * (doubtful.lon_e5 - edge.lon_e5) AS side
    FROM doubtful
    LEFT JOIN control_edge AS edge ON edge.band = doubtful.band
),

counted AS (
    SELECT
        id,
        MAX(CASE WHEN in_box AND side = 0 THEN 1 ELSE 0 END) AS on_border,
        CAST(SUM(CASE WHEN crossable AND side > 0 THEN 1 ELSE 0 END) AS BIGINT) AS n_crossed
    FROM met
    GROUP BY id
)

SELECT id, CAST(state AS BIGINT) AS held
FROM known
WHERE state <> 2
UNION ALL
SELECT id, CAST(CASE WHEN on_border = 1 THEN 1 ELSE MOD(n_crossed, 2) END AS BIGINT) AS held
FROM counted
