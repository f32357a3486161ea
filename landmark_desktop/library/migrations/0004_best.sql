-- Schema 4. What a model would suggest whatever its confidence, so that another threshold needs
-- no second look: landmark is best where confidence reaches the model's threshold, else NULL.

ALTER TABLE suggestion ADD COLUMN best TEXT;
-- Least confidence of a suggestion; 0 until the model is put to use.
ALTER TABLE model ADD COLUMN threshold REAL NOT NULL DEFAULT 0;

UPDATE suggestion SET best = landmark WHERE landmark IS NOT NULL;
-- What is likelier than one half is likelier than the background. Of less nothing is known.
UPDATE suggestion SET best = json_extract(alternatives, '$[0][0]')
    WHERE landmark IS NULL AND confidence > 0.5;
