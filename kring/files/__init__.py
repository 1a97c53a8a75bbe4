"""Documents: checks at upload, storage and handing out. The room that attaches one decides who may have it."""
