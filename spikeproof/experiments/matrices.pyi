from experiments.matrices import *
