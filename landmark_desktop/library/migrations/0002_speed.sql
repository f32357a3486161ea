-- Schema 2. How fast a model looks at photos on this computer, and on what ("cpu", "cuda").

ALTER TABLE model ADD COLUMN photos_per_second REAL;
ALTER TABLE model ADD COLUMN measured_on TEXT;
