from simulate import *
