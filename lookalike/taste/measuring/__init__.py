"""How good a model is, on ratings that it has not seen.

figures.py      RMSE, accuracy, F-measure, NDCG
evaluation.py   cross-validation and unknown people, a step at a time
kept_steps.py   the results of steps on the disk, so that an evaluation goes on where it stopped
"""
