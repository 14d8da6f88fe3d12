# Added to the image that repo2docker builds: the class's link, and matplotlib's list of fonts where no learner's folder hides it.
RUN python -m pip install --no-cache-dir nbgitpuller==1.3.0 \
 && MPLCONFIGDIR=/srv/leverage-lab/.matplotlib python -c "import matplotlib.font_manager"
