"""moto's server, with the rules of AWS that moto does not hold callers to.

`python -m lab.clouds.aws.server --directory DIR --http PORT --https PORT`
"""
