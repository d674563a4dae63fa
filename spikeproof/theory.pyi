from theory import *
